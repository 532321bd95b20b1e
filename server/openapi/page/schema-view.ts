import { html, nothing, type TemplateResult } from 'lit/html.js';
import { nameOf, type Schema } from './description.ts';
import { markdown } from './markdown.ts';

type Part = string | TemplateResult;

/** A schema's type in a few words, with links to the schemas that have a name. */
export function typeOf(schema: Schema): Part[] {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref);
    return [html`<a href="#schema-${name}">${name}</a>`];
  }
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return [schema.enum.map((value) => JSON.stringify(value)).join(' | ')];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice, place) => [...(place > 0 ? [' | '] : []), ...typeOf(choice)]);
  if (schema.items) return ['list of ', ...typeOf(schema.items)];
  if (typeof schema.additionalProperties === 'object' && !schema.properties)
    return ['map of ', ...typeOf(schema.additionalProperties)];
  const types = schema.type === undefined ? ['anything'] : [schema.type].flat();
  return [types.map((type) => (type === 'null' ? type : (schema.format ?? type))).join(' | ')];
}

/** Lengths, bounds and the like. */
export function limitsOf(schema: Schema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  return [
    ...((minimum ?? 0) !== 0 || maximum !== undefined ? [range(minimum, maximum, '')] : []),
    ...(minLength !== undefined || maxLength !== undefined ? [range(minLength, maxLength, ' characters')] : []),
    ...(minItems !== undefined || maxItems !== undefined ? [range(minItems, maxItems, ' items')] : []),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ].join(', ');
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined) return `at most ${String(to)}${unit}`;
  return to === undefined ? `at least ${String(from)}${unit}` : `${String(from)} to ${String(to)}${unit}`;
}

/** The fields of an object; of anything else its type. */
export function schemaView(schema: Schema): TemplateResult {
  const objects = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(({ properties }) => properties);
  if (objects.length === 0) return html`<p class="type">${typeOf(schema)}</p>`;
  return html`${objects.map(
    (object, place) => html`${place > 0 ? html`<p class="or">or</p>` : nothing}${fieldsView(object)}`,
  )}`;
}

function fieldsView({ properties = {}, required = [] }: Schema): TemplateResult {
  return html`<ul class="fields">
    ${Object.entries(properties).map(([name, field]) => fieldView(name, field, required.includes(name)))}
  </ul>`;
}

/** One field, or one parameter. */
export function fieldView(name: string, field: Schema, required: boolean, where = ''): TemplateResult {
  const inner = field.properties ? field : field.items?.properties ? field.items : undefined;
  const limits = limitsOf(field.items ? { ...field, ...limitsWithin(field) } : field);
  return html`<li>
    <div class="field">
      <code class="name">${name}</code>
      <span class="type">${typeOf(field)}</span>
      ${where === '' ? nothing : html`<span class="note">${where}</span>`}
      ${required ? nothing : html`<span class="note">optional</span>`}
      ${limits === '' ? nothing : html`<span class="note">${limits}</span>`}
    </div>
    ${field.description === undefined ? nothing : markdown(field.description)} ${inner ? fieldsView(inner) : nothing}
  </li>`;
}

/** Of a list only its own: those of its items stand with them. */
function limitsWithin({ minItems, maxItems }: Schema): Schema {
  return {
    ...(minItems === undefined ? {} : { minItems }),
    ...(maxItems === undefined ? {} : { maxItems }),
  };
}
