/**
 * What the API page shows, read from the OpenAPI document: operations with their parameters, fields, examples and a
 * command to try. Pure; knows only the parts of OpenAPI 3.1 that our schemas produce.
 */
export interface ApiGroup {
  name: string;
  description: string;
  operations: ApiOperation[];
}

export interface ApiOperation {
  /** For links on the page: `get-api-v1-sources-id`. */
  anchor: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  isPublic: boolean;
  parameters: ApiField[];
  body: ApiBody | null;
  responses: (ApiBody & { status: string; description: string })[];
  curl: string;
}

export interface ApiBody {
  contentType: string;
  fields: ApiField[];
  /** JSON text, '' when there is no body. */
  example: string;
}

export interface ApiField {
  name: string;
  /** How deep inside the body, 0 at the top. */
  depth: number;
  /** Where a parameter stands: path, query, header. */
  place: string;
  type: string;
  isRequired: boolean;
  description: string;
}

/** Loosely typed JSON Schema, as found in the document. */
interface Schema {
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
interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: Schema;
    example?: unknown;
  }[];
  requestBody?: { content?: Record<string, Media> };
  responses?: Record<string, { description?: string; content?: Record<string, Media> }>;
}
export interface OpenApiDocument {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const deepest = 5;

/** The document as groups of operations, in the order of its tags. */
export function describeApi(document: OpenApiDocument, baseUrl: string): ApiGroup[] {
  const reader = new SchemaReader(document.components?.schemas ?? {});
  const groups = new Map<string, ApiGroup>();
  for (const tag of document.tags ?? [])
    groups.set(tag.name, { name: tag.name, description: tag.description ?? '', operations: [] });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const name = operation.tags?.[0] ?? 'Other';
      const group = groups.get(name) ?? { name, description: '', operations: [] };
      groups.set(name, group);
      group.operations.push(describeOperation({ method, path, operation, reader, baseUrl }));
    }
  }
  return [...groups.values()].filter((g) => g.operations.length > 0);
}

function describeOperation(of: {
  method: string;
  path: string;
  operation: Operation;
  reader: SchemaReader;
  baseUrl: string;
}): ApiOperation {
  const { method, path, operation, reader } = of;
  const body = bodyOf(operation.requestBody?.content, reader);
  const isPublic = !operation.security?.length;
  return {
    anchor: `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`.replace(/-$/, '').toLowerCase(),
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? '',
    description: operation.description ?? '',
    isPublic,
    parameters: (operation.parameters ?? [])
      .filter((p) => p.in !== 'header' || !/^(authorization|x-csrf-token)$/i.test(p.name))
      .map((p) => ({
        name: p.name,
        depth: 0,
        place: p.in,
        type: reader.typeOf(p.schema ?? {}),
        isRequired: p.required === true,
        description: p.description ?? p.schema?.description ?? '',
      })),
    body,
    responses: Object.entries(operation.responses ?? {}).map(([status, response]) => ({
      status,
      description: response.description ?? '',
      ...(bodyOf(response.content, reader) ?? { contentType: '', fields: [], example: '' }),
    })),
    curl: curlLine({ ...of, isPublic, body }),
  };
}

function bodyOf(content: Record<string, Media> | undefined, reader: SchemaReader): ApiBody | null {
  const [contentType, media] = Object.entries(content ?? {})[0] ?? [];
  if (!contentType || !media) return null;
  const schema = media.schema ?? {};
  const example = media.example ?? reader.exampleOf(schema);
  return {
    contentType,
    fields: reader.fieldsOf(schema),
    example: contentType.includes('json') ? JSON.stringify(example, null, 2) : '',
  };
}

function curlLine(of: {
  method: string;
  path: string;
  operation: Operation;
  reader: SchemaReader;
  baseUrl: string;
  isPublic: boolean;
  body: ApiBody | null;
}): string {
  const { parameters = [] } = of.operation;
  const path = of.path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
    const p = parameters.find((one) => one.in === 'path' && one.name === name);
    return String(p?.example ?? (p?.schema ? of.reader.exampleOf(p.schema) : `<${name}>`));
  });
  const query = parameters
    .filter((p) => p.in === 'query' && (p.required || p.example !== undefined))
    .map((p) => `${p.name}=${encodeURIComponent(String(p.example ?? of.reader.exampleOf(p.schema ?? {})))}`)
    .join('&');
  const parts = [`curl '${of.baseUrl}${path}${query ? `?${query}` : ''}'`];
  if (of.method !== 'get') parts.push(`-X ${of.method.toUpperCase()}`);
  if (!of.isPublic) parts.push('-H "Authorization: Bearer $AMPRA_TOKEN"');
  if (of.body?.contentType) {
    parts.push(`-H 'Content-Type: ${of.body.contentType}'`);
    parts.push(of.body.example ? `-d '${of.body.example.replaceAll("'", "'\\''")}'` : '--data-binary @file');
  }
  return parts.join(' \\\n  ');
}

/** Reads schemas: follows references, names types, lists fields, makes examples. */
class SchemaReader {
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
