import { z } from '@hono/zod-openapi';
import { ownsOrOversees, type Viewer } from '../accounts/viewer.ts';
import { type Job, type JobQueue, toldJob } from '../core/jobs.ts';
import { ok, type Result, refuse, unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { describing, idParams, json } from '../web/describe.ts';
import { jobFields, jobJson } from '../web/job-schema.ts';
import type { WebRoutes } from '../web/routes.ts';

const jobSchema = z.object({ kind: z.string().openapi({ example: 'weather.fetch' }), ...jobFields }).openapi('Job');

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
  web.api('user', routes.job, (c) => {
    const job = unwrap(jobFor(jobs, viewerOf(c), c.req.valid('param').id));
    return c.json({ kind: job.kind, ...jobJson(toldJob(job)) }, 200);
  });
}

function jobFor(jobs: Pick<JobQueue, 'find'>, viewer: Viewer, id: string): Result<Job> {
  const job = jobs.find(id);
  const isTheirs = job?.ownerId != null && ownsOrOversees(viewer, job.ownerId);
  return job && isTheirs ? ok(job) : refuse('not_found', 'There is no such job.');
}
