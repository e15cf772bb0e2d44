import type { Context } from 'hono';
import type { Viewer } from '../accounts/viewer.ts';
import { AmpraError } from '../core/result.ts';
import type { AppEnv } from './app-env.ts';

/** Who asks. The route's access has let nobody else in. */
export function viewerOf(c: Context<AppEnv>): Viewer {
  if (!c.var.viewer) throw new AmpraError({ code: 'unauthenticated', message: 'Sign in first.' });
  return c.var.viewer;
}

/** The `:id` of a page's address. */
export const idOf = (c: Context<AppEnv>): string => c.req.param('id') ?? '';
