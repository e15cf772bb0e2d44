import { z } from '@hono/zod-openapi';
import type { ToldJob } from '../core/jobs.ts';
import { isoOrNull, moment } from './describe.ts';

/** Work from the job table, for the OpenAPI document, and how it is written. */
export const jobFields = {
  id: z.string(),
  state: z
    .enum(['queued', 'running', 'succeeded', 'failed', 'dead'])
    .openapi({ description: '`failed` is tried again, `dead` is not.' }),
  progress: z.number().min(0).max(1).nullable().openapi({ description: 'Null while the work does not say.' }),
  text: z.string().nullable().openapi({ description: 'What it is at.' }),
  error: z.string().nullable(),
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
};

export const jobJson = ({ startedAt, finishedAt, ...job }: ToldJob) => ({
  ...job,
  startedAt: isoOrNull(startedAt),
  finishedAt: isoOrNull(finishedAt),
});
