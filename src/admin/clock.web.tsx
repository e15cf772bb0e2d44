import type { AuditLog } from '../accounts/ports.ts';
import { type Clock, houseTimeOf } from '../core/clock.ts';
import { isPlausible } from '../core/unset-time.ts';
import { fromLocalInput } from '../core/wall-clock.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refused } from '../web/errors.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { localPath } from '../web/server.ts';

/** `POST /clock`: the answer to the question that pages ask while the computer does not know the time. */
export function addClockRoute(web: WebRoutes, deps: { clock: Clock; record: AuditLog['record'] }): void {
  web.page('post', '/clock', 'admin', async (c) => {
    const house = houseTimeOf(deps.clock);
    const form = await c.req.parseBody();
    const time = form.use === 'typed' ? fromLocalInput(String(form.typed), 'UTC') : Number(form.deviceMs);
    const isSystem = form.use === 'system';
    if (!house || (!isSystem && (time === null || !isPlausible(time)))) {
      return refused(c, { code: 'invalid', message: 'This is no time that it can be now.' });
    }
    if (isSystem) house.trustSystem();
    else house.setByOwner(time ?? 0);
    const detail = `${isSystem ? "The computer's own clock" : 'A device of theirs'}: ${new Date(house.now()).toISOString()}`;
    deps.record({ actor: viewerOf(c), address: c.var.clientAddress, action: 'clock.set', detail });
    flash(c, { kind: 'done', text: 'Ampra knows the time now.' });
    return c.redirect(localPath(form.back), 303);
  });
}
