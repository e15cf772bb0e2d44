import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { isLive, meterMetrics } from '../meter-role.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';

/**
 * Shelly of the first generation: `shellies/<device>/{emeter,relay,meter,light}/<n>/<field>`, one plain value a message, and
 * `shellies/<device>/info` with all of them.
 * `total` and `total_returned` of an energy meter are in Wh, `energy` of a relay counts watt-minutes. After
 * shelly-api-docs gen1.
 */
const WH = 0.001;
const WATT_MINUTES = 1 / 60_000;
const CHANNEL = /^(emeter|relay|meter|light|white|roller)$/;
/** What a device says of itself as a whole. */
const PLAIN = /^(online|info|voltage)$/;
const recognised: Recognition = { sureness: 0.97, reason: 'topics of a first generation Shelly' };

export const dialect: Dialect = {
  name: 'shelly-gen1',
  commandTopics: ['shellies/command', 'shellies/+/command', 'shellies/+/+/+/command'],

  recognise(message) {
    return message.segments[0] === 'shellies' && message.segments.length >= 2 ? recognised : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    if (message.text === null) return nothingMeasured();
    const { device, kind, number, name } = placeOf(message.segments);
    if (kind === 'online') draft.text('deviceStatus', message.text === 'true' ? 'online' : 'offline');
    if (kind === 'info') readInfo(draft, message, device);
    // What feeds a relay or roller, said once for all of its channels.
    const { voltage } = meterMetrics(context.role, 'load');
    if (kind === 'voltage' && voltage)
      draft.take({ to: voltage, how: 'first' }, message.text, { id: device, order: 0 });
    if (CHANNEL.test(kind)) readOne(draft, { device, kind, number }, name, message.text);
    return draft.finish(null, true);
  },
};

interface Place {
  device: string;
  kind: string;
  number: string;
}

/** A device may be called by several levels: what it says stands behind them. */
function placeOf(segments: readonly string[]): Place & { name: string } {
  const at = segments.findIndex(
    (segment, i) => i > 1 && CHANNEL.test(segment) && /^\d{1,2}$/.test(segments[i + 1] ?? ''),
  );
  const kindAt = at > 0 ? at : segments.length > 2 && PLAIN.test(segments.at(-1) ?? '') ? segments.length - 1 : 2;
  const [kind = '', number = '', name = ''] = segments.slice(kindAt);
  return { device: segments.slice(1, kindAt).join('/'), kind, number, name };
}

function readOne(draft: Draft, { device, kind, number }: Place, name: string, raw: unknown): void {
  const isMeter = kind === 'emeter';
  const meter = meterMetrics(draft.context.role, isMeter ? 'grid' : 'load');
  const table: Record<string, [Field['to'] | null, number, 'sum' | 'first']> = {
    power: [meter.power, 1, 'sum'],
    voltage: [meter.voltage, 1, 'first'],
    current: [meter.current, 1, 'sum'],
    total: [meter.total, WH, 'sum'],
    total_returned: [meter.returned, WH, 'sum'],
    ...(!isMeter && { energy: [meter.total, WATT_MINUTES, 'sum'] }),
  };
  const [to, by, how] = (Object.hasOwn(table, name) ? table[name] : undefined) ?? [null, 1, 'sum' as const];
  // A phase that nothing is connected to has no voltage, which is not the grid's.
  const isDead = isMeter && name === 'voltage' && !isLive(numberOf(raw));
  if (to)
    draft.take({ to, by, how, rank: 2 }, isDead ? null : raw, {
      id: `${device} ${number}`,
      order: Number(number) || 0,
    });
}

/** Everything at once: `emeters` in Wh, `meters` in watt-minutes. A relay that measures nothing has a meter without a total. */
function readInfo(draft: Draft, message: MessageView, device: string): void {
  for (const [list, kind] of [['emeters', 'emeter'] as const, ['meters', 'relay'] as const]) {
    const meters = message.json?.[list];
    if (!Array.isArray(meters)) continue;
    for (const [i, one] of meters.slice(0, 8).entries()) {
      const values = asObject(one);
      if (values?.total === undefined || values.is_valid === false) continue;
      for (const [name, raw] of Object.entries(values))
        readOne(
          draft,
          { device, kind, number: String(i) },
          kind === 'relay' && name === 'total' ? 'energy' : name,
          raw,
        );
    }
  }
}
