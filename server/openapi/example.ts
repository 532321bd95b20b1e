import type { JsonSchema } from './json-schema.ts';

const COMPONENT = '#/components/schemas/';

/** A value that fits a schema: the examples of components where there are some, made up from the rest of it where not. */
export function exampleOf(schema: JsonSchema | boolean, components: Record<string, JsonSchema>): unknown {
  if (typeof schema === 'boolean') return {};
  const [given] = schema.examples ?? [];
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) return exampleOf(components[schema.$ref.slice(COMPONENT.length)] ?? {}, components);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return exampleOf(first, components);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property, components)]),
      );
    case 'array':
      return schema.items === undefined || Array.isArray(schema.items) ? [] : [exampleOf(schema.items, components)];
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    case 'string':
      return textOf(schema);
    default:
      return null;
  }
}

function textOf({ format }: JsonSchema): string {
  if (format === 'uuid') return '019aab34-9f8e-7d6c-8b5a-493827160504';
  if (format === 'date-time') return '2026-11-22T08:44:00.000Z';
  return format === 'uri' ? 'https://shop.example' : 'text';
}
