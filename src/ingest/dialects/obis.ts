import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf, type Which } from '../field-draft.ts';
import { half } from '../field-table.ts';
import type { MessageView } from '../message-view.ts';
import { type MeterMetrics, meterMetrics } from '../meter-role.ts';

/**
 * Smart meters by the OBIS codes of their values (IEC 62056-61), as names of an object (`{"1.8.0": 4532678}`) or as levels of
 * topics (`.../1-0:16.7.0/255/value`). Powers are in W; energies in Wh, where they are written as whole numbers of at least six
 * digits or their unit is said: the readers of Austrian and German meters (SHRDZM, AMIS, SMLReader) pass on what the meter
 * counts. An energy that may be in kWh is left alone.
 */
const CODE = /(?:^|[/.])(?:\d+-\d+:)?(\d{1,2})\.(\d{1,3})\.(\d{1,2})(?:\*255|\/255)?(?:\/value)?$/;
const LEAST_WH = 100_000;
const [IN_ALL, PART] = [2, 1];
const certain: Recognition = { sureness: 0.85, reason: 'a meter by its OBIS codes' };
const likely: Recognition = { sureness: 0.6, reason: 'an OBIS code' };

interface Read {
  field: Field;
  which: Which;
}

/** Sum of both ways, bought and sold; of each phase the same, 20 and 40 further. */
const POWERS: Record<string, Read> = {
  '16.7.0': { field: { to: 'gridPower', rank: IN_ALL }, which: { id: '', order: 0 } },
  '1.7.0': { field: half('gridPower', 1), which: { id: '', order: 0 } },
  '2.7.0': { field: half('gridPower', -1), which: { id: '', order: 0 } },
};
const FIRST_OF_PHASE = [32, 52, 72];

export const dialect: Dialect = {
  name: 'obis',

  recognise(message) {
    if (!message.looksLikeObject) return CODE.test(message.topic) && message.segments.length > 1 ? likely : null;
    if (!message.text?.includes('.8.0')) return null;
    return codesIn(message).size >= 2 ? certain : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const meter = meterMetrics(context.role, 'grid');
    if (message.looksLikeObject) {
      const codes = codesIn(message);
      // A power of both ways says it already.
      const hasSum = codes.has('16.7.0');
      for (const [code, raw] of codes) if (!(hasSum && /^[12]\.7\.0$/.test(code))) take(draft, meter, code, raw);
      return draft.finish();
    }
    const code = codeOf(message.topic);
    if (code === null || message.text === null) return nothingMeasured();
    take(draft, meter, code, message.text);
    return draft.finish(null, true);
  },
};

function take(draft: Draft, meter: MeterMetrics, code: string, raw: unknown): void {
  const power = POWERS[code];
  if (power) {
    if (meter.power === 'gridPower') draft.take(power.field, raw, power.which);
    else if (code !== '2.7.0') draft.take({ to: meter.power }, raw);
    return;
  }
  const phase = FIRST_OF_PHASE.indexOf(Number(code.split('.')[0]));
  if (/\.7\.0$/.test(code) && phase >= 0 && meter.voltage) {
    draft.take({ to: meter.voltage, how: 'first', rank: PART }, raw, { id: `L${phase + 1}`, order: phase });
    return;
  }
  const to = code === '1.8.0' ? meter.total : code === '2.8.0' ? meter.returned : null;
  if (to && isWattHours(raw)) draft.take({ to, by: 0.001 }, raw);
}

const isWattHours = (raw: unknown): boolean => (numberOf(raw) ?? 0) >= LEAST_WH;

function codeOf(path: string): string | null {
  const [, c, d, e] = CODE.exec(path) ?? [];
  return c && d && e ? `${c}.${d}.${e}` : null;
}

function codesIn(message: MessageView): Map<string, unknown> {
  const codes = new Map<string, unknown>();
  for (const [path, raw] of message.leaves.byPath) {
    const code = codeOf(path);
    if (code !== null && numberOf(raw) !== null) codes.set(code, raw);
  }
  return codes;
}
