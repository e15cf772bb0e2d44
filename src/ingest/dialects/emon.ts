import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * OpenEnergyMonitor (emonTx, emonPi, emonhub): `emon/<node>/<name>` one value a message, or `emon/<node>` with one object
 * and `time`. Power in W, energy in Wh, `Vrms` in V. What a clamp measures is the owner's choice: names that say it are
 * taken at their word, `P1`, `E1` count for the source's role, and other clamps are kept beside.
 */
const named: Record<string, Field> = {
  use: { to: 'loadPower' },
  used: { to: 'loadPower' },
  consumption: { to: 'loadPower' },
  house: { to: 'loadPower' },
  solar: { to: 'solarPower' },
  pv: { to: 'solarPower' },
  generation: { to: 'solarPower' },
  grid: { to: 'gridPower' },
  use_kwh: { to: 'totalEnergyConsumed' },
  solar_kwh: { to: 'totalEnergyProduced' },
  import_kwh: { to: 'totalGridImport' },
  export_kwh: { to: 'totalGridExport' },
};
const VOLTAGE = /^(vrms|v|v1|voltage)$/;
const CLAMP_POWER = /^(?:p|power|realpower|ct)(\d{1,2})$/;
const CLAMP_ENERGY = /^(?:e|wh|energy)(\d{1,2})$/;
const LONG_TIME_NAMES = /^(msg|rssi|pulse(count)?\d?|t\d|temp(erature)?\d?|nodeid|time)$/;

const certain: Recognition = { sureness: 0.9, reason: 'topics of an OpenEnergyMonitor node' };
const csv: Recognition = { sureness: 0.8, reason: 'values of emonhub without their names' };

export const dialect: Dialect = {
  name: 'emon',
  commandTopics: ['emonhub/tx/#'],

  recognise(message) {
    const { segments } = message;
    // Other bridges write below `emon`, too, so that emonhub may read them: their names are left to others.
    if (segments[0] === 'emon' && segments.length >= 2)
      return segments.length === 3 && !isOwnName(message.tail(0).toLowerCase()) ? null : certain;
    return segments[0] === 'emonhub' && segments[1] === 'rx' ? csv : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const { segments } = message;
    if (segments[0] === 'emonhub') {
      draft.reject('', 'lists values without names: let emonhub publish emon/<node>/<name> as well');
      return draft.finish();
    }
    if (message.looksLikeObject) {
      const { json } = message;
      if (!json) return nothingMeasured();
      for (const [name, value] of Object.entries(json)) read(draft, segments[1] ?? '', name, value, context);
      return draft.finish(draft.time(json.time));
    }
    if (segments.length < 3 || message.text === null) return nothingMeasured();
    read(draft, segments[1] ?? '', message.tail(0), message.text, context);
    return draft.finish(null, true);
  },
};

const isOwnName = (name: string): boolean =>
  Object.hasOwn(named, name) || [VOLTAGE, CLAMP_POWER, CLAMP_ENERGY, LONG_TIME_NAMES].some((own) => own.test(name));

function read(draft: Draft, node: string, rawName: string, value: unknown, context: DialectContext): void {
  const name = rawName.toLowerCase();
  if (LONG_TIME_NAMES.test(name) || numberOf(value) === null) return;
  const field = Object.hasOwn(named, name) ? named[name] : undefined;
  if (field) {
    draft.take(field, value);
    return;
  }
  const meter = meterMetrics(context.role, 'load');
  const power = CLAMP_POWER.exec(name)?.[1];
  const energy = CLAMP_ENERGY.exec(name)?.[1];
  if (VOLTAGE.test(name) && meter.voltage)
    draft.take({ to: meter.voltage, how: 'first' }, value, { id: node, order: 0 });
  else if (power === '1') draft.take({ to: meter.power, how: 'sum', rank: 1 }, value, { id: node, order: 0 });
  else if (energy === '1' && meter.total)
    draft.take({ to: meter.total, by: 0.001, how: 'sum', rank: 1 }, value, { id: node, order: 0 });
  else if (power !== undefined || energy !== undefined) draft.note(`${node} ${rawName}`, value);
}
