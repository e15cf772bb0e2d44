import { z } from '@hono/zod-openapi';
import { iso, isoOrNull, moment } from '../../web/describe.ts';
import { connectionKinds, filtersOf } from './connection.ts';
import type { ShownConnection } from './shown.ts';

const port = z.int().openapi({ minimum: 1, maximum: 65535, example: 1883, description: '1883, or 8883 with TLS.' });

const fields = {
  host: z.string().openapi({ example: 'venus.local', description: 'Name or address of the broker.' }),
  name: z.string().openapi({ maxLength: 100, description: 'The host when it is left out.' }),
  port,
  usesTls: z.boolean(),
  verifiesCertificate: z.boolean().openapi({ description: 'False: any certificate is accepted. Default true.' }),
  authorityPem: z
    .string()
    .nullable()
    .openapi({ description: 'Certificate of the authority that signed the broker’s; null: those the system trusts.' }),
  userName: z.string(),
  clientId: z.string().openapi({ description: 'Made up when it is left out.' }),
  kind: z.enum(connectionKinds).openapi({ description: '`auto` finds out by listening.' }),
  topicFilters: z
    .array(z.string())
    .openapi({ example: ['N/#'], description: 'Topics to subscribe to; empty: those of the kind.' }),
  isOn: z.boolean(),
};
const password = z.string().nullable().openapi({
  description: 'Kept sealed and never given out; null takes it away. Wanted again when the place changes.',
});
const version = z.int().min(1);
const some = z.object({ ...fields, password }).partial().shape;

export const newConnectionSchema = z
  .strictObject({
    ...some,
    host: fields.host,
    sourceId: z
      .string()
      .optional()
      .openapi({ description: 'The source that it feeds; left out: a new one of the same name.' }),
  })
  .openapi('NewConnection');

export const connectionChangeSchema = z
  .strictObject({
    ...some,
    version: version.optional().openapi({ description: 'The version you saw; another one now is answered with 412.' }),
  })
  .openapi('ConnectionChange');

export const trialSchema = z
  .strictObject({
    ...some,
    id: z.string().optional().openapi({ description: 'A connection whose settings stand in for what is left out.' }),
  })
  .openapi('ConnectionTrial');

const stateSchema = z
  .object({
    phase: z.enum(['off', 'connecting', 'connected', 'broken']),
    since: moment.nullable(),
    reason: z.string().nullable().openapi({ description: 'What is wrong, for people.' }),
    hint: z.string().nullable().openapi({ description: 'What to do about it.' }),
    retryAt: moment.nullable().openapi({ description: 'When it is tried again.' }),
    lastMessageAt: moment.nullable(),
    messages: z.int().openapi({ description: 'Taken over since the appliance started.' }),
    heldBack: z.int().openapi({
      description:
        'Topics of which only a value was heard so far that the other broker had kept: of unknown age, so it is no reading.',
    }),
  })
  .openapi('ConnectionState');

export const connectionSchema = z
  .object({
    id: z.uuid(),
    sourceId: z.string(),
    ...fields,
    hasPassword: z.boolean(),
    detectedKind: z.enum(['victron', 'solarAssistant', 'other']).nullable(),
    subscribesTo: z.array(z.string()),
    state: stateSchema,
    createdAt: moment,
    updatedAt: moment,
    version,
  })
  .openapi('Connection');

export const trialOutcomeSchema = z
  .object({
    isConnected: z.boolean(),
    trouble: z.object({ reason: z.string(), hint: z.string() }).nullable(),
    messages: z.int(),
    dialects: z.array(z.object({ name: z.string(), reason: z.string(), messages: z.int() })),
    topics: z.array(z.object({ topic: z.string(), dialect: z.string().nullable() })),
    topicCount: z.int(),
  })
  .openapi('ConnectionTrialOutcome');

/** A connection as the API gives it; the password never leaves. */
export function connectionJson({ connection, state, traffic }: ShownConnection): z.infer<typeof connectionSchema> {
  const { createdAt, updatedAt, topicFilters, ...rest } = connection;
  return {
    ...rest,
    topicFilters: [...topicFilters],
    subscribesTo: [...filtersOf(connection)],
    state: {
      phase: state.phase,
      since: 'since' in state ? isoOrNull(state.since) : null,
      reason: 'reason' in state ? state.reason : null,
      hint: 'hint' in state ? state.hint : null,
      retryAt: 'retryAt' in state ? isoOrNull(state.retryAt) : null,
      lastMessageAt: isoOrNull(traffic.lastMessageAt),
      messages: traffic.messages,
      heldBack: traffic.heldBack,
    },
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}
