import { z } from '@hono/zod-openapi';
import { ownsOrOversees, type Viewer } from '../accounts/viewer.ts';
import type { Job, JobQueue } from '../core/jobs.ts';
import { ok, type Result, refuse, unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { describing, idParams, isoOrNull, json, moment } from '../web/describe.ts';
import type { WebRoutes } from '../web/routes.ts';

const jobSchema = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ example: 'weather.fetch' }),
    state: z
      .enum(['queued', 'running', 'succeeded', 'failed', 'dead'])
      .openapi({ description: '`failed` is tried again, `dead` is not.' }),
    progress: z.number().min(0).max(1).nullable().openapi({ description: 'Null when the work does not say.' }),
    text: z.string().nullable().openapi({ description: 'What it is at.' }),
    error: z.string().nullable(),
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
  })
  .openapi('Job');

const route = describing('System');
const routes = {
  job: route('get /api/v1/jobs/{id}', 'getJob', {
    summary: 'Work that was asked for, by the id that the answer gave, and how far it is',
    request: { params: idParams('job') },
    responses: { 200: json(jobSchema, 'The job. What ended long ago is forgotten.') },
  }),
};

/** `/api/v1/jobs/{id}`: work for somebody is theirs to see; the appliance's own is on the System page alone. */
export function registerJobsApi(web: WebRoutes, { jobs }: { jobs: Pick<JobQueue, 'find'> }): void {
  web.api('user', routes.job, (c) => c.json(jobJson(unwrap(jobFor(jobs, viewerOf(c), c.req.valid('param').id))), 200));
}

function jobFor(jobs: Pick<JobQueue, 'find'>, viewer: Viewer, id: string): Result<Job> {
  const job = jobs.find(id);
  const isTheirs = job?.ownerId != null && ownsOrOversees(viewer, job.ownerId);
  return job && isTheirs ? ok(job) : refuse('not_found', 'There is no such job.');
}

const jobJson = ({ id, kind, state, progress, progressText, error, startedAt, finishedAt }: Job) => ({
  ...{ id, kind, state, progress, text: progressText, error },
  ...{ startedAt: isoOrNull(startedAt), finishedAt: isoOrNull(finishedAt) },
});
