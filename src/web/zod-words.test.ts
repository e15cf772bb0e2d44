import { expect, test } from 'bun:test';
import { z } from '@hono/zod-openapi';
import { problemsOf } from './zod-words.ts';

test('what a schema does not accept is said in plain English, every field and unknown key at once', () => {
  const schema = z.strictObject({
    kind: z.enum(['mqtt', 'webhook']),
    watts: z.number().max(10),
    count: z.int().min(1),
    name: z.string().min(1).max(3),
    cost: z.union([z.number(), z.string()]),
    when: z.iso.date(),
    on: z.boolean(),
    gone: z.string(),
    place: z.object({ zone: z.string() }),
    tags: z.array(z.string()).min(1),
  });
  const typed = {
    kind: 'x',
    watts: 11,
    count: 0.5,
    name: 'long name',
    cost: {},
    when: 'soon',
    on: 'yes',
    place: {},
    tags: [],
  };
  const read = schema.safeParse({ ...typed, foo: 1, bar: 2 });
  const found = Object.fromEntries(problemsOf(read.error?.issues ?? [], 'body').map((p) => [p.field, p.message]));
  expect(found).toEqual({
    kind: 'must be one of mqtt, webhook',
    watts: 'must be at most 10',
    count: 'must be a whole number',
    name: 'must have at most 3 characters',
    cost: 'must be a number or text',
    when: 'is not a date such as 2026-03-29',
    on: 'must be true or false',
    gone: 'is missing',
    'place.zone': 'is missing',
    tags: 'must have at least 1 entries',
    foo: 'is not known here: mend its name or leave it out',
    bar: 'is not known here: mend its name or leave it out',
  });
});
