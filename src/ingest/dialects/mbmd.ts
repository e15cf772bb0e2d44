import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import { type MeterMetrics, meterMetrics } from '../meter-role.ts';

/**
 * Modbus meters (Eastron SDM, Janitza, ABB ...) over volkszaehler/mbmd: `mbmd/<meter>/<measurement>`, one plain value a
 * message. Names after its README: W, V, A, Hz, kWh; `L1` to `L3` for phases. Power is positive while importing; what a meter
 * measures its owner says.
 */
const FIELD = /^(Power|Voltage|Current|Frequency|Import|Export)(?:L([123]))?$/;
const TELLING = /^(Cosphi|THD|ReactivePower|ApparentPower|VoltageL[123]|PowerL[123]|CurrentL[123])(L[123])?$/;
/** As its predecessor gosdm630 called them, after IEC 61850. */
const OLDER = /^(VolLoc|AmpLoc|WLoc|Freq|TotkWhImport|TotkWhExport|AngLoc|THDVol)(?:Phs([ABC]))?$/;
const OLDER_NAMES: Record<string, string> = {
  ...{ VolLoc: 'Voltage', AmpLoc: 'Current', WLoc: 'Power', Freq: 'Frequency' },
  ...{ TotkWhImport: 'Import', TotkWhExport: 'Export' },
};
const TO: Record<string, [keyof MeterMetrics, Field['how']]> = {
  Power: ['power', 'sum'],
  Voltage: ['voltage', 'first'],
  Current: ['current', 'sum'],
  Frequency: ['frequency', 'first'],
  Import: ['total', 'sum'],
  Export: ['returned', 'sum'],
};
const [TOTAL, PHASE] = [2, 1];

const certain: Recognition = { sureness: 0.9, reason: 'measurements of a Modbus meter (mbmd)' };
const learned: Recognition = { sureness: 0.7, reason: 'the topic of a Modbus meter' };

const isTelling = (name: string): boolean => TELLING.test(name) || (name !== 'Freq' && OLDER.test(name));
const isOwn = (name: string): boolean => FIELD.test(name) || OLDER.test(name) || TELLING.test(name);

/** What a name says, and of which phase: `WLocPhsB` is the power of the second one. */
function saidBy(name: string): { called: string; phase: string } {
  const [, older = '', letter = ''] = OLDER.exec(name) ?? [];
  if (older !== '') return { called: OLDER_NAMES[older] ?? '', phase: letter && String('ABC'.indexOf(letter) + 1) };
  const [, called = '', phase = ''] = FIELD.exec(name) ?? [];
  return { called, phase };
}

export const dialect: Dialect = {
  name: 'mbmd',

  recognise(message, context) {
    if (message.segments.length < 3 || message.looksLikeObject || !isOwn(message.tail(0))) return null;
    if (message.segments[0] === 'mbmd' || isTelling(message.tail(0))) return certain;
    return context.memory?.parts.knowsBase('mbmd', message.base(1)) ? learned : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    if (isTelling(message.tail(0))) context.memory?.parts.learnBase('mbmd', message.base(1));
    const draft = new Draft(context, message.receivedAt);
    const { called, phase } = saidBy(message.tail(0));
    const [quantity, how] = TO[called] ?? [];
    const to = quantity === undefined ? null : meterMetrics(context.role, 'grid')[quantity];
    if (to && how)
      draft.take({ to, how, rank: phase === '' ? TOTAL : PHASE }, message.text, {
        id: `${message.tail(1)}${phase && ` L${phase}`}`,
        order: Number(phase),
      });
    return draft.finish(null, true);
  },
};
