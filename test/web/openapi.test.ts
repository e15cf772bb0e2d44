import { expect, test } from 'bun:test';
import { startTestApp } from '../../src/testing/app.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; description?: string; schema?: { description?: string } }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description?: string }>;
}
interface Schema {
  $ref?: string;
  properties?: Record<string, unknown>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

test('every operation says what it is called, does, takes and refuses', async () => {
  await using app = await startTestApp();
  const document = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as Document;
  const wrong: string[] = [];
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${path}`;
      const say = (what: string) => wrong.push(`${name}: ${what}`);
      if (!operation.operationId || ids.has(operation.operationId)) say('operationId is missing or there twice');
      ids.add(operation.operationId ?? '');
      if (!operation.summary) say('no summary');
      if (!operation.tags?.length) say('no tag');
      for (const p of operation.parameters ?? [])
        if (!p.description && !p.schema?.description) say(`parameter ${p.name} is not described`);
      const declared = new Set(Object.keys(operation.responses));
      const needs = (status: string) => declared.has(status) || say(`${status} is not declared`);
      if (path.startsWith('/api/') && operation.requestBody) for (const status of ['400', '413', '415']) needs(status);
      const [media] = Object.values(operation.requestBody?.content ?? {});
      const reference = media?.schema.$ref?.split('/').at(-1) ?? '';
      const body = reference ? document.components.schemas[reference] : media?.schema;
      if (body?.properties?.version && path.startsWith('/api/')) needs('412');
      if (/\/(readings|history|energy)$/.test(path)) needs('503');
    }
  expect(wrong).toEqual([]);
  expect(ids.size).toBeGreaterThan(15);
}, 20_000);
