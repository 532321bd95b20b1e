import { z } from 'zod';
import { WORDS } from './words.ts';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 has them. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

type Named = Record<string, JsonSchema>;

/** Schemas that have become JSON, and the components that they refer to. */
interface Converted {
  schemas: Named;
  components: Named;
}

/** Said by the format, at a length that nobody reads. */
const FORMATS = new Set(['uuid', 'date-time', 'email', 'uri']);

/** Turns schemas into JSON Schema. `input`: what a client sends; `output`: what a validator makes of it, or an answer. */
export function convert(schemas: Record<string, z.ZodType>, io: 'input' | 'output'): Converted {
  const { properties = {}, $defs = {} } = z.toJSONSchema(z.object(schemas), {
    io,
    override: ({ jsonSchema }) => {
      if (FORMATS.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // A client ignores fields that it does not know: they are how answers grow.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { schemas: withReferences(properties), components: withReferences($defs) };
}

function withReferences(schemas: object): Named {
  return JSON.parse(JSON.stringify(schemas).replaceAll('"#/$defs/', '"#/components/schemas/')) as Named;
}

/** Puts the words of the protocol to a component of the same name. */
export function withWords(name: string, schema: JsonSchema): JsonSchema {
  const words = WORDS[name];
  if (!words) return schema;
  const { '': about, ...fields } = words;
  const properties = Object.entries(schema.properties ?? {}).map(([field, property]) => {
    const description = fields[field];
    return [
      field,
      typeof property === 'boolean' || description === undefined ? property : { ...property, description },
    ];
  });
  return {
    ...(about === undefined ? {} : { description: about }),
    ...schema,
    ...(schema.properties ? { properties: Object.fromEntries(properties) as Named } : {}),
  };
}
