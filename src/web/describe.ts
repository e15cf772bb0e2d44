import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import type { Method } from './registered-route.ts';

/**
 * The words in which routes of the JSON API describe themselves. Refusals are not among them: the registrar adds those
 * that every route may answer with.
 */

/** A JSON answer. */
export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A JSON body that must be there. */
export const body = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

/** A list answers with `items`, so that it can grow. */
export const list = <S extends z.ZodType>(schema: S, description: string) =>
  json(z.object({ items: z.array(schema) }), description);

/** The `{id}` of a path. */
export const idParams = (of: string) => z.object({ id: z.string().openapi({ description: `Id of the ${of}.` }) });

export const moment = z.string().openapi({ format: 'date-time', example: '2026-06-21T10:00:00.000Z' });

/** ms UTC as the API writes moments. */
export const iso = (time: number): string => new Date(time).toISOString();
export const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

type About = Omit<RouteConfig, 'method' | 'path' | 'operationId' | 'tags'> & { summary: string };

/** Describes routes of one group: `route('get /api/v1/groups', 'listGroups', { summary, responses })`. */
export const describing =
  (tag: string) =>
  <M extends Method, P extends string, A extends About>(at: `${M} ${P}`, operationId: string, about: A) => {
    const [method, path] = at.split(' ') as [M, P];
    return createRoute({ ...about, method, path, operationId, tags: [tag] });
  };
