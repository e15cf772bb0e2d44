import { createRoute, z } from '@hono/zod-openapi';
import { metrics } from '../../core/metrics.ts';
import { problemSchema } from '../../web/problem-schema.ts';

const rejectedSchema = z
  .object({
    index: z.int().openapi({ description: 'Place in the batch, from 0; 0 for a single object.' }),
    field: z.string().openapi({ description: 'Empty when the whole entry was not taken.', example: 'solarPower' }),
    message: z.string().openapi({ example: 'must be a number' }),
  })
  .openapi('RejectedValue');

const readingSchema = z
  .looseObject({
    timestamp: z
      .union([z.string(), z.number()])
      .optional()
      .openapi({ description: 'ISO 8601, or seconds or milliseconds since 1970. Default: now.' }),
  })
  .openapi('PostedReading', {
    description: `Names of the catalogue with their values (${metrics.map((m) => m.name).join(', ')}); other fields are kept as metadata.`,
    example: { timestamp: '2026-06-21T10:00:00Z', solarPower: 3120, stateOfCharge: 64.5 },
  });

const acceptedSchema = z
  .object({
    accepted: z.int().openapi({ description: 'Readings that were stored.' }),
    rejected: z.array(rejectedSchema).openapi({ description: 'What was not, by place; at most 1,000.' }),
    rejectedInAll: z.int().optional().openapi({ description: 'How many there were, when more than 1,000.' }),
  })
  .openapi('AcceptedReadings');

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The webhook as the API document describes it; it checks its own signature and needs no session or token. */
export const webhookDescription = createRoute({
  method: 'post',
  path: '/hooks/{id}',
  operationId: 'postReadings',
  tags: ['Telemetry'],
  summary: 'Post readings of a source, signed with its webhook secret',
  description:
    'One reading or a list of them, as JSON, not compressed. The answer comes once they are on disk. The same signed post again gets the same answer and is stored once.',
  request: {
    params: z.object({ id: z.string().openapi({ description: 'Id of the source.' }) }),
    headers: z.object({
      'X-Ampra-Timestamp': z
        .string()
        .openapi({ description: 'Now, in whole seconds since 1970; at most 5 minutes off.', example: '1782036000' }),
      'X-Ampra-Signature': z.string().openapi({
        description:
          '"sha256=" and the hex HMAC-SHA256 of "<timestamp>.<raw body>"; its key are the UTF-8 bytes of the secret as shown.',
        example: `sha256=${'0'.repeat(64)}`,
      }),
    }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.union([readingSchema, z.array(readingSchema)]) } },
    },
  },
  responses: {
    202: {
      description: 'They are on disk; what was not taken is named.',
      content: { 'application/json': { schema: acceptedSchema } },
    },
    400: refusal('Nothing in it could be stored; “errors” names each field.'),
    401: refusal('The signature or the timestamp is not right, or there is no such source.'),
    403: refusal('The source is switched off.'),
    413: refusal('The body is too large.'),
    415: refusal('The body is compressed.'),
    429: refusal('Too many posts, or too many wrongly signed; see Retry-After.'),
    503: refusal('They could not be written to disk; send them again.'),
  },
});
