import type { ApiBody, ApiGroup, ApiOperation } from '../../views/api-docs-model.ts';
import { type Schema, SchemaReader } from './schema-reader.ts';

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

/**
 * What the API page shows, read from the OpenAPI document: groups in the order of its tags, operations with their
 * parameters, fields, examples and a command to try. Knows only the parts of OpenAPI 3.1 that our schemas produce.
 */
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
