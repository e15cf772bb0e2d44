import { z } from '@hono/zod-openapi';

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** An ISO 8601 moment as ms UTC. A date alone is its midnight in UTC. */
export const instant = (description: string) =>
  z
    .string()
    .transform((text, context) => {
      // A plus sign that was not escaped arrives as a blank.
      const plain = text.replace(' ', '+');
      const time = INSTANT.test(plain) ? Date.parse(plain) : Number.NaN;
      if (!Number.isNaN(time)) return time;
      context.addIssue({ code: 'custom', message: 'is not an ISO 8601 time such as 2026-03-29T00:00:00Z' });
      return z.NEVER;
    })
    .openapi({ type: 'string', format: 'date-time', description });
