import { html, nothing, type TemplateResult } from 'lit/html.js';
import { nameOf, type Description, type Entry, type Operation, type Response } from './description.ts';
import { markdown } from './markdown.ts';
import { fieldView, schemaView, typeOf } from './schema-view.ts';

/** Everything that is said of an operation. */
export function operationView(description: Description, { method, path, operation }: Entry): TemplateResult {
  const { description: notes, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses);
  return html`
    ${notes === undefined ? nothing : html`<div class="notes">${markdown(notes)}</div>`}
    ${accessView(description, operation)}
    ${
      parameters.length === 0
        ? nothing
        : html`<h4>Parameters</h4>
            <ul class="fields">
              ${parameters.map(({ name, in: where, required, schema, description: about }) =>
                fieldView(name, about === undefined ? schema : { ...schema, description: about }, required, where),
              )}
            </ul>`
    }
    ${Object.entries(requestBody?.content ?? {}).map(
      ([, { schema }]) =>
        html`<h4>Body${requestBody?.required === false ? ' (optional)' : ''}</h4>
          <p class="type">${typeOf(schema)}</p>
          ${schemaView(resolve(description, schema.$ref) ?? schema)}`,
    )}
    ${exampleView('Request', requestOf(description, method, path, operation))}
    <h4>Answers</h4>
    ${answers.map(([status, response]) => answerView(description, status, response))}
  `;
}

function resolve(description: Description, reference: string | undefined) {
  return reference === undefined ? undefined : description.components.schemas[nameOf(reference)];
}

function accessView({ components }: Description, { security }: Operation): TemplateResult {
  const schemes = security.flatMap((way) => Object.keys(way));
  if (schemes.length === 0) return html`<p class="access">For anybody.</p>`;
  return html`<p class="access">
    ${schemes.map(
      (name, place) => html`${place > 0 ? ' Or: ' : 'With: '}${components.securitySchemes[name]?.description ?? name}`,
    )}
  </p>`;
}

function answerView(description: Description, status: string, given: Response): TemplateResult {
  const response = given.$ref === undefined ? given : (description.components.responses[nameOf(given.$ref)] ?? given);
  const isError = Number(status) >= 400;
  const contents = Object.entries(response.content ?? {});
  return html`<div class="answer">
    <div class="status ${isError ? 'error' : 'success'}">${status}</div>
    <div class="meaning">
      ${markdown(response.description)}
      ${contents.map(([type, { schema, example }]) =>
        isError
          ? nothing
          : html`<p class="type">${Object.keys(schema).length === 0 ? type : typeOf(schema)}</p>
              ${schema.$ref === undefined && schema.properties ? schemaView(schema) : nothing}
              ${example === undefined ? nothing : exampleView('Example', JSON.stringify(example, null, 2))}`,
      )}
    </div>
  </div>`;
}

function exampleView(label: string, text: string): TemplateResult {
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLButtonElement;
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 1_500);
  };
  return html`<figure class="example">
    <figcaption>
      ${label}
      <button type="button" @click=${copy} aria-label="Copy: ${label}">Copy</button>
    </figcaption>
    <pre tabindex="0" aria-label=${label}><code>${text}</code></pre>
  </figure>`;
}

/** The request as it is typed into a shell. */
function requestOf({ servers }: Description, method: string, path: string, operation: Operation): string {
  const [{ url } = { url: '' }] = servers;
  const query = (operation.parameters ?? [])
    .filter(({ in: where, required }) => where === 'query' && required)
    .map(({ name }) => `${name}=…`)
    .join('&');
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => `$${name}`);
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.example;
  const address = `"${new URL(url + filled, location.href).href}${query === '' ? '' : `?${query}`}"`;
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${address}`,
    ...(operation.security.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(body === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`]),
  ].join(' \\\n  ');
}
