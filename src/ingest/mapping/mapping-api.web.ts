import { z } from '@hono/zod-openapi';
import { unwrap } from '../../core/result.ts';
import { viewerOf } from '../../web/asking.ts';
import { body, describing, idParams, iso, json, list, moment } from '../../web/describe.ts';
import type { WebRoutes } from '../../web/routes.ts';
import { type MappingRule, MOST_RULES, readRules } from './mapping.ts';
import { MAPPING_FORMAT, mappingFileOf } from './mapping-file.ts';
import type { Mappings, MappingView, PreviewedMessage } from './mapping-service.ts';

/**
 * Types are checked here; patterns, paths, metrics and units by `mapping.ts`, which names every field at fault at once and
 * reads files by the same rules.
 */
const fields = {
  topic: z.string().openapi({
    example: 'shed/{name}/power',
    description: '`+` for one level, `{name}` to keep a level apart, `#` at the end.',
  }),
  path: z.string().openapi({ example: 'phases[0].w', description: 'Place in the JSON; empty for a bare value.' }),
  metric: z.string().openapi({ example: 'loadPower', description: 'Of the catalogue, or `timestamp`.' }),
  unit: z.string().openapi({ example: 'kW', description: 'The device’s; empty for the catalogue’s.' }),
  factor: z.number().openapi({ description: 'With its sign. Default 1.' }),
  offset: z.number().openapi({ description: 'Added after the factor. Default 0.' }),
  adds: z.boolean().openapi({ description: 'Values of different topics are parts that are added up.' }),
};
const ruleSchema = z.object(fields).openapi('MappingRule');
const { path, unit, factor, offset, adds } = z.object(fields).partial().shape;
const newRuleSchema = z
  .strictObject({ topic: fields.topic, metric: fields.metric, path, unit, factor, offset, adds })
  .openapi('NewMappingRule');
const rules = z.array(newRuleSchema).openapi({ description: `At most ${MOST_RULES}.` });
const version = z.int().min(0).openapi({ description: '0 while there is none; grows by one with each change.' });
const format = z.literal(MAPPING_FORMAT);

const mappingSchema = z
  .object({
    rules: z.array(ruleSchema),
    version,
    isReplayed: z.boolean().openapi({ description: 'True once earlier messages were read anew with it.' }),
  })
  .openapi('Mapping');
const wishSchema = z.strictObject({ rules, version }).openapi('MappingWish');
const trialSchema = z.strictObject({ rules }).openapi('MappingTrial');
const fileSchema = z.strictObject({ format, rules }).openapi('MappingFile');
const exportedSchema = z.object({ format, rules: z.array(ruleSchema) }).openapi('ExportedMapping');
const previewedSchema = z
  .object({
    topic: z.string(),
    receivedAt: moment,
    text: z.string().openapi({ description: 'The beginning of the payload.' }),
    dialect: z.string().nullable().openapi({ description: '`mapping`, another dialect, or null: nobody’s.' }),
    values: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string())])),
    problem: z.string().nullable(),
    free: z
      .array(
        z.object({
          path: z.string(),
          value: z.number(),
          metric: z.string().nullable().openapi({ description: 'What its name says that it may be.' }),
          unit: z.string().openapi({ description: 'In which it may be sent; empty for the metric’s own.' }),
        }),
      )
      .openapi({ description: 'Numbers of which nothing is made yet.' }),
  })
  .openapi('PreviewedMessage');

const route = describing('Discovery');
const params = idParams('source');
const at = '/api/v1/sources/{id}/mapping';
const asItIs = { 200: json(mappingSchema, 'The mapping as it is now.') };
const routes = {
  read: route(`get ${at}`, 'getMapping', {
    summary: 'How the owner says that a source’s messages are to be read',
    request: { params },
    responses: { 200: json(mappingSchema, 'The mapping; without rules while there is none.') },
  }),
  write: route(`put ${at}`, 'putMapping', {
    summary: 'Replace the mapping; kept messages are read anew with it',
    request: { params, body: body(wishSchema) },
    responses: asItIs,
  }),
  preview: route(`post ${at}/preview`, 'previewMapping', {
    summary: 'What the newest messages of a source would become by these rules; nothing is kept',
    request: { params, body: body(trialSchema) },
    responses: { 200: list(previewedSchema, 'The newest message of each topic.') },
  }),
  replay: route(`post ${at}/replay`, 'replayMapping', {
    summary: 'Read kept messages anew with the mapping, into their own place in time',
    request: { params },
    responses: { 202: json(mappingSchema, 'It goes on in the background; see `isReplayed`.') },
  }),
  exported: route(`get ${at}/file`, 'exportMapping', {
    summary: 'The mapping as a file for another source',
    request: { params },
    responses: { 200: json(exportedSchema, 'The file.') },
  }),
  imported: route(`put ${at}/file`, 'importMapping', {
    summary: 'Replace the mapping by that of a file',
    request: {
      params,
      query: z.object({
        version: z.coerce.number().int().min(0).openapi({ description: 'The version you saw.' }),
      }),
      body: body(fileSchema),
    },
    responses: asItIs,
  }),
};

/** `/api/v1/sources/{id}/mapping`. */
export function addMappingApi(web: WebRoutes, mappings: Mappings): void {
  web.api('user', routes.read, (c) =>
    c.json(mappingJson(unwrap(mappings.view(viewerOf(c), c.req.valid('param').id))), 200),
  );
  web.api('user', routes.write, (c) => {
    const wish = c.req.valid('json');
    const saved = mappings.save(viewerOf(c), c.req.valid('param').id, wish.rules, wish.version);
    return c.json(mappingJson(unwrap(saved)), 200);
  });
  web.api('user', routes.preview, async (c) => {
    const { source } = unwrap(mappings.view(viewerOf(c), c.req.valid('param').id));
    const messages = await mappings.preview(source, unwrap(readRules(c.req.valid('json').rules)));
    return c.json({ items: messages.map(previewedJson) }, 200);
  });
  web.api('user', routes.replay, (c) =>
    c.json(mappingJson(unwrap(mappings.readAgain(viewerOf(c), c.req.valid('param').id))), 202),
  );
  web.api('user', routes.exported, (c) => {
    const { source, rules: kept } = unwrap(mappings.view(viewerOf(c), c.req.valid('param').id));
    return c.json(mappingFileOf(source.id, kept), 200);
  });
  web.api('user', routes.imported, (c) => {
    const file = c.req.valid('json');
    const { version: seen } = c.req.valid('query');
    return c.json(mappingJson(unwrap(mappings.save(viewerOf(c), c.req.valid('param').id, file.rules, seen))), 200);
  });
}

const ruleJson = (rule: MappingRule): z.infer<typeof ruleSchema> => rule;

function mappingJson({ rules: kept, version: now, isReplayed }: MappingView): z.infer<typeof mappingSchema> {
  return { rules: kept.map(ruleJson), version: now, isReplayed };
}

function previewedJson({ receivedAt, values, ...rest }: PreviewedMessage): z.infer<typeof previewedSchema> {
  return { ...rest, receivedAt: iso(receivedAt), values: values as Record<string, number | string | string[]> };
}
