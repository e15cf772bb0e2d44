import type { ApiField } from '../../views/api-docs-model.ts';

/** Loosely typed JSON Schema, as found in the document. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  description?: string;
}

const deepest = 5;

/** Reads schemas: follows references, names types, lists fields, makes examples. */
export class SchemaReader {
  constructor(private readonly schemas: Record<string, Schema>) {}

  private resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    if (name) return { ...this.schemas[name], ...withoutRef(schema) };
    if (!schema.allOf) return schema;
    const parts = schema.allOf.map((s) => this.resolve(s));
    return {
      ...schema,
      type: 'object',
      properties: Object.assign({}, ...parts.map((p) => p.properties ?? {}), schema.properties ?? {}),
      required: [...parts.flatMap((p) => p.required ?? []), ...(schema.required ?? [])],
    };
  }

  typeOf(raw: Schema): string {
    const schema = this.resolve(raw);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return [...new Set(choices.map((c) => this.typeOf(c)))].join(' or ');
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(' | ');
    const types = [schema.type ?? (schema.properties ? 'object' : 'any')].flat();
    if (types.includes('array')) return `array of ${this.typeOf(schema.items ?? {})}`;
    const named = types.map((t) =>
      t === 'string' && schema.format ? (formatNames[schema.format] ?? schema.format) : t,
    );
    return named.join(' or ') + rangeOf(schema);
  }

  fieldsOf(raw: Schema, depth = 0): ApiField[] {
    const schema = this.resolve(raw);
    if (depth >= deepest) return [];
    if (schema.items) return this.fieldsOf(schema.items, depth);
    const choice = (schema.anyOf ?? schema.oneOf)?.find((s) => this.resolve(s).properties);
    if (choice) return this.fieldsOf(choice, depth);
    return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
      {
        name,
        depth,
        place: 'body',
        type: this.typeOf(property),
        isRequired: schema.required?.includes(name) === true,
        description: property.description ?? this.resolve(property).description ?? '',
      },
      ...this.fieldsOf(property, depth + 1),
    ]);
  }

  exampleOf(raw: Schema, depth = 0): unknown {
    const schema = this.resolve(raw);
    const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0];
    if (given !== undefined) return given;
    const choice = (schema.anyOf ?? schema.oneOf)?.[0];
    if (choice) return this.exampleOf(choice, depth);
    if (depth >= deepest) return null;
    if (schema.items) return [this.exampleOf(schema.items, depth + 1)];
    if (schema.properties)
      return Object.fromEntries(
        Object.entries(schema.properties).map(([name, p]) => [name, this.exampleOf(p, depth + 1)]),
      );
    return simpleExample(schema);
  }
}

function withoutRef(schema: Schema): Schema {
  const { $ref: _, ...rest } = schema;
  return rest;
}

const formatNames: Record<string, string> = {
  'date-time': 'time (ISO 8601)',
  date: 'date',
  uuid: 'id',
  uri: 'address',
  email: 'e-mail',
};

function rangeOf(schema: Schema): string {
  const isBound = (n: number | undefined): n is number => n !== undefined && Math.abs(n) < Number.MAX_SAFE_INTEGER;
  const { minimum, maximum } = schema;
  if (isBound(minimum) && isBound(maximum)) return `, ${minimum} to ${maximum}`;
  if (isBound(minimum)) return `, at least ${minimum}`;
  if (isBound(maximum)) return `, at most ${maximum}`;
  if (schema.maxLength !== undefined) return `, at most ${schema.maxLength} characters`;
  return '';
}

function simpleExample(schema: Schema): unknown {
  const type = [schema.type].flat()[0];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
  if (type === 'null') return null;
  if (type === 'array') return [];
  if (type === 'object' || schema.additionalProperties) return {};
  if (schema.format === 'date-time') return '2026-03-29T10:00:00Z';
  if (schema.format === 'date') return '2026-03-29';
  if (schema.format === 'uuid') return '6f1c2c1e-6d0b-4a52-9d3a-3f0a1f2b7c11';
  if (schema.format === 'email') return 'ada@example.org';
  if (schema.format === 'uri') return 'http://ampra.local:8080/';
  return 'text';
}
