import type { Context } from 'hono';
import type { SourceItem } from '../../views/sources/list.tsx';
import type { Viewer } from '../accounts/viewer.ts';
import { viewerOf } from '../web/asking.ts';
import type { AppEnv } from '../web/routes.ts';
import { refusedText } from './refused-words.ts';
import type { Source } from './source.ts';
import { iconUrl } from './source-schemas.web.tsx';
import { turnedAwayMark } from './turned-away.ts';
import { factsOf, type SourcesWebDeps } from './web-context.web.tsx';

/** A source as a row of the list and the head of its page show it. */
export function itemOf(c: Context<AppEnv>, deps: SourcesWebDeps, source: Source): SourceItem {
  const { state, lastReadingAt } = factsOf(c, deps, source);
  const now = deps.clock.now();
  const refused = deps.refused()?.summaryOf(source.id);
  const away = deps.turnedAway?.()?.noteOf(source.id);
  return {
    ...{ source, state, iconUrl: iconUrl(source) },
    ageMs: lastReadingAt === null ? null : now - lastReadingAt,
    owner: ownerLabel(viewerOf(c), source.ownerId, deps),
    refused: refused ? refusedText(refused, now, source.timeZone) : null,
    turnedAway: away ? turnedAwayMark(away, source.timeZone) : null,
  };
}

/** Whose it is; null where it is the viewer's own. */
export function ownerLabel(viewer: Viewer, ownerId: string, deps: Pick<SourcesWebDeps, 'ownerName'>): string | null {
  return viewer.userId === ownerId ? null : (deps.ownerName?.(ownerId) ?? 'Somebody else’s');
}
