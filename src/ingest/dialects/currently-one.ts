import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured, numberOf } from '../field-draft.ts';
import { half, whole } from '../field-table.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * Currently One, a reader of the meter's own port or of its blinking light: `currently/one/<id>/state` with what is bought as `W`
 * and `Wh`, and what is sold as `P` and `Ph`. After currently.one (specifications).
 */
const certain: Recognition = { sureness: 0.9, reason: 'names of Currently One' };
const NAMES = /"m"\s*:\s*"(HAN|P1|BLINK)"/;
const WH = 0.001;

export const dialect: Dialect = {
  name: 'currently-one',

  recognise(message) {
    if (!message.looksLikeObject || !message.text?.includes('"Wh"') || !NAMES.test(message.text)) return null;
    return numberOf(message.json?.W) !== null && numberOf(message.json?.Wh) !== null ? certain : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (!json) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const meter = meterMetrics(context.role, 'grid');
    // A light that blinks says nothing of the other way.
    const isBothWays = meter.power === 'gridPower' && json.P !== undefined;
    draft.take(isBothWays ? half('gridPower', 1) : whole(meter.power), json.W);
    if (isBothWays) draft.take(half('gridPower', -1), json.P);
    if (meter.total) draft.take(whole(meter.total, { by: WH }), json.Wh);
    if (meter.returned) draft.take(whole(meter.returned, { by: WH }), json.Ph);
    return draft.finish();
  },
};
