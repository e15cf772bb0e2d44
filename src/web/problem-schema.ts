import { z } from '@hono/zod-openapi';

/** The body of every refusal of the API (RFC 9457), for the OpenAPI document. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What happened, for a person.'),
    code: z.string().describe('What happened, for a program: invalid, not_found, stale ...'),
    requestId: z.string(),
    hint: z.string().optional().describe('What to do about it.'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('Each field at fault.'),
  })
  .openapi('Problem');

const response = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** Refusals that any route behind a sign-in may answer with; each route adds its own on top. */
export const usualProblems = {
  400: response('A value does not fit; “errors” names the fields.'),
  401: response('No valid session or access token.'),
  403: response("The role or the token's scope does not allow it."),
  429: response('Too many requests; see Retry-After.'),
};

/** For routes that take a body. */
export const bodyProblems = {
  413: response('The body is too large.'),
  415: response('The body is of another type than described; see Content-Type.'),
};

/** For routes that take the version that was seen. */
export const staleProblem = { 412: response('Somebody else changed it meanwhile: read it again.') };

/** For routes that read the telemetry database. */
export const unavailableProblem = { 503: response('The telemetry database is not open; what devices send is kept.') };

/** For routes about one thing. */
export const notFoundProblem = { 404: response('There is no such thing, or it is not yours.') };
