import { html, type TemplateResult } from 'lit/html.js';

const INLINE = /(`[^`]+`|\[[^\]]+\]\(https?:[^)\s]+\))/;

function inline(text: string): (string | TemplateResult)[] {
  return text.split(INLINE).map((part) => {
    if (part.startsWith('`') && part.endsWith('`') && part.length > 2) return html`<code>${part.slice(1, -1)}</code>`;
    const [, label, address] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
    return label !== undefined && address !== undefined ? html`<a href=${address}>${label}</a>` : part;
  });
}

/** The Markdown that descriptions are written in: paragraphs, `code`, links. */
export function markdown(text: string): TemplateResult[] {
  return text.split(/\n{2,}/).map((paragraph) => html`<p>${inline(paragraph)}</p>`);
}
