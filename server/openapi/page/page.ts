import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { entriesOf, matches, withoutExamples, type Description, type Entry } from './description.ts';
import { markdown } from './markdown.ts';
import { operationView } from './operation-view.ts';
import { schemaView } from './schema-view.ts';

/**
 * Shows a description in `root`: operations by tag, schemas, a search over all of them.
 *
 * @returns what takes it away again
 */
export function showDescription(root: HTMLElement, description: Description): () => void {
  const entries = entriesOf(description);
  const schemas = Object.entries(description.components.schemas);
  const open = new Set<string>();
  let query = '';

  function found(): Entry[] {
    return entries.filter(({ words }) => matches(words, query));
  }

  function update(): void {
    render(view(), root);
  }

  function follow(): void {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id === '') return;
    if (!document.getElementById(id)) query = '';
    open.add(id);
    update();
    const target = document.getElementById(id);
    target?.scrollIntoView();
    target?.querySelector('summary')?.focus({ preventScroll: true });
  }

  function toggled(id: string, { currentTarget }: Event): void {
    const isOpen = (currentTarget as HTMLDetailsElement).open;
    if (isOpen === open.has(id)) return;
    if (isOpen) open.add(id);
    else open.delete(id);
    update();
  }

  function search({ currentTarget }: Event): void {
    query = (currentTarget as HTMLInputElement).value.trim();
    update();
  }

  /** From the field to what it has found, and on. */
  function move(event: KeyboardEvent): void {
    const field = root.querySelector<HTMLInputElement>('input');
    const links = [...root.querySelectorAll<HTMLElement>('nav a')];
    const place = links.indexOf(document.activeElement as HTMLElement);
    if (event.key === '/' && !(event.target instanceof HTMLInputElement)) field?.focus();
    else if (event.key === 'ArrowDown' && (event.target === field || place >= 0)) links[place + 1]?.focus();
    else if (event.key === 'ArrowUp' && place >= 0) (links[place - 1] ?? field)?.focus();
    else if (event.key === 'Enter' && event.target === field) links[0]?.click();
    else return;
    event.preventDefault();
  }

  const wordsOf = ([name, schema]: (typeof schemas)[number]) =>
    `schema ${name} ${withoutExamples(schema)}`.toLowerCase();

  function view(): TemplateResult {
    const shown = found();
    const named = schemas.filter((schema) => matches(wordsOf(schema), query));
    const groups = description.tags
      .map((tag) => ({ ...tag, entries: shown.filter(({ operation }) => operation.tags.includes(tag.name)) }))
      .filter((group) => group.entries.length > 0);
    return html`
      <header>
        <h1>
          <a href="#"><span class="mark" aria-hidden="true"></span>${description.info.title} API</a>
        </h1>
        <span class="version">${description.info.version}</span>
        <button
          class="menu-button"
          type="button"
          aria-controls="contents"
          @click=${() => root.classList.toggle('menu')}
        >
          Contents
        </button>
        <a class="raw" href="../openapi.json">openapi.json</a>
      </header>
      <nav id="contents" aria-label="Contents" @click=${() => root.classList.remove('menu')}>
        <label>
          <span class="hidden">Search</span>
          <input
            type="search"
            placeholder="Search"
            autocomplete="off"
            spellcheck="false"
            .value=${query}
            @input=${search}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        ${groups.map(
          ({ name, entries: inGroup }) =>
            html`<h2>${name}</h2>
              <ul>
                ${inGroup.map(
                  ({ id, method, operation }) =>
                    html`<li>
                      <a href="#${id}">${methodView(method)}<span>${operation.summary}</span></a>
                    </li>`,
                )}
              </ul>`,
        )}
        ${named.length === 0 ? nothing : html`<h2>Schemas</h2>`}
        <ul>
          ${named.map(([name]) => html`<li><a href="#schema-${name}">${name}</a></li>`)}
        </ul>
      </nav>
      <main>
        ${query === '' ? html`<div class="intro">${markdown(description.info.description)}</div>` : nothing}
        <p class="count" role="status">${query === '' ? '' : foundText(shown.length, named.length)}</p>
        ${groups.map(
          ({ name, description: about, entries: inGroup }) =>
            html`<section aria-label=${name}>
              <h2>${name}</h2>
              ${markdown(about)}
              ${inGroup.map((entry) => detailsView(entry.id, entrySummary(entry), () => operationView(description, entry)))}
            </section>`,
        )}
        ${
          named.length === 0
            ? nothing
            : html`<section aria-label="Schemas">
                <h2>Schemas</h2>
                ${named.map(([name, schema]) =>
                  detailsView(
                    `schema-${name}`,
                    html`<h3>${name}</h3>`,
                    () => html`
                      ${schema.description === undefined ? nothing : markdown(schema.description)} ${schemaView(schema)}
                    `,
                  ),
                )}
              </section>`
        }
      </main>
    `;
  }

  function detailsView(id: string, summary: TemplateResult, content: () => TemplateResult): TemplateResult {
    const isOpen = open.has(id);
    return html`<details id=${id} ?open=${isOpen} @toggle=${(event: Event) => toggled(id, event)}>
      <summary>${summary}</summary>
      ${isOpen ? html`<div class="content">${content()}</div>` : nothing}
    </details>`;
  }

  addEventListener('hashchange', follow);
  addEventListener('keydown', move);
  update();
  follow();
  return () => {
    removeEventListener('hashchange', follow);
    removeEventListener('keydown', move);
    render(nothing, root);
  };
}

function methodView(method: string): TemplateResult {
  return html`<b class="method ${method.toLowerCase()}">${method}</b>`;
}

function entrySummary({ method, path, operation }: Entry): TemplateResult {
  return html`${methodView(method)}
    <h3>${operation.summary}</h3>
    <code class="path">${path}</code>`;
}

function foundText(operations: number, schemas: number): string {
  if (operations + schemas === 0) return 'Nothing found.';
  return `Found: ${counted(operations, 'operation')}, ${counted(schemas, 'schema')}.`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
