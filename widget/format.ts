import { css, html, nothing, type TemplateResult } from 'lit';
import { parse, type Block, type Inline, type Line } from './format-tree.ts';

/** What a message says, with its marks as what they mean: elements, never HTML. */
export function format(text: string): TemplateResult {
  return html`${parse(text).map(block)}`;
}

function block(one: Block): TemplateResult {
  switch (one.kind) {
    case 'fence':
      return html`<pre><code>${one.lines.join('\n')}</code></pre>`;
    case 'quote':
      return html`<blockquote>${lines(one.lines)}</blockquote>`;
    case 'list':
      return html`<ul>
        ${one.lines.map(item)}
      </ul>`;
    case 'numbers':
      return html`<ol start=${one.from}>
        ${one.lines.map(item)}
      </ol>`;
    case 'text':
      return html`<span class="said">${lines(one.lines)}</span>`;
  }
}

const item = (line: Line) => html`<li>${line.children.map(inline)}</li>`;
const lines = (all: readonly Line[]) =>
  all.map(({ children }, place) => html`${place > 0 ? '\n' : nothing}${children.map(inline)}`);

function inline(one: Inline): unknown {
  if (typeof one === 'string') return one;
  switch (one.kind) {
    case 'link':
      return html`<a part="link" href=${one.href} target="_blank" rel="noopener noreferrer nofollow ugc"
        >${one.text}</a
      >`;
    case 'code':
      return html`<code>${one.text}</code>`;
    case 'bold':
      return html`<strong>${one.children.map(inline)}</strong>`;
    case 'italic':
      return html`<em>${one.children.map(inline)}</em>`;
    case 'strike':
      return html`<s>${one.children.map(inline)}</s>`;
  }
}

export const formatStyles = css`
  .text .said {
    display: block;
  }
  .text strong {
    font-weight: 680;
  }
  .text code {
    padding: 1px 4px;
    border-radius: 5px;
    background: color-mix(in srgb, currentcolor 12%, transparent);
    font:
      0.93em / inherit ui-monospace,
      SFMono-Regular,
      Menlo,
      Consolas,
      monospace;
  }
  .text pre {
    margin: 4px 0;
    padding: 8px 10px;
    border-radius: 9px;
    background: color-mix(in srgb, currentcolor 10%, transparent);
    white-space: pre-wrap;
  }
  /* Lighter, white words on it would be hard to read. */
  .own .text code,
  .own .text pre {
    background: rgb(0 0 0 / 0.2);
  }
  .text pre code,
  .own .text pre code {
    padding: 0;
    background: none;
  }
  .text blockquote {
    margin: 4px 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid color-mix(in srgb, currentcolor 40%, transparent);
  }
  .text ul,
  .text ol {
    margin: 2px 0;
    white-space: normal;
    padding-inline-start: 22px;
  }
  .text ul {
    list-style: disc;
  }
  .text ol {
    list-style: decimal;
  }
  .text li {
    white-space: pre-wrap;
  }
`;
