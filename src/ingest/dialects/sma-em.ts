import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * SMA Energy Meter and Home Manager (Speedwire): the SMA-EM daemon (`SMA-EM/status/<serial>`, one object or one value a
 * topic), ioBroker's sma-em adapter (`<serial>/pregard`) and FHEM's SMAEM (`SMAEM<serial>_Bezug_Wirkleistung`). Import and
 * export are two values in W, their counters in kWh. After the projects' code; `pvsum` and `pusage` are the daemon's own sums.
 * What a single phase takes is left alone beside the whole.
 */
const table = new FieldTable({
  pconsume: half('gridPower', 1),
  psupply: half('gridPower', -1),
  pconsumecounter: whole('totalGridImport'),
  psupplycounter: whole('totalGridExport'),
  pvsum: whole('solarPower'),
  pusage: whole('loadPower'),
  'u#': first('gridVoltage'),
  'i#': add('gridCurrent'),
  frequency: whole('gridFrequency'),
  pregard: half('gridPower', 1),
  psurplus: half('gridPower', -1),
  pregardcounter: whole('totalGridImport'),
  psurpluscounter: whole('totalGridExport'),
  Bezug_Wirkleistung: half('gridPower', 1),
  Einspeisung_Wirkleistung: half('gridPower', -1),
  Bezug_Wirkleistung_Zaehler: whole('totalGridImport'),
  Einspeisung_Wirkleistung_Zaehler: whole('totalGridExport'),
});
const phases = new FieldTable({ 'L#.voltage': first('gridVoltage'), 'L#.amperage': add('gridCurrent') });
const TELLING = /^(pconsume|psupply|pregard|psurplus)(counter)?$/;
const FHEM = /^SMAEM\d+_/;
const PHASE = /^L[123]$/;

const certain: Recognition = { sureness: 0.9, reason: 'names of an SMA energy meter' };
const learned: Recognition = { sureness: 0.75, reason: 'the topic of an SMA energy meter' };

const isObject = ({ names }: MessageView['leaves']) =>
  (names.has('pconsume') && names.has('psupply')) || (names.has('pregard') && names.has('psurplus'));
/** The meter's topic, with the values of its phases below it. */
const meterOf = (message: MessageView) => message.base(PHASE.test(message.tail(1)) ? 2 : 1);

export const dialect: Dialect = {
  name: 'sma-em',

  recognise(message, context) {
    if (message.looksLikeData) return isObject(message.leaves) ? certain : null;
    const name = message.tail(0);
    if (message.segments.length < 2) return null;
    if (TELLING.test(name) || FHEM.test(name)) return certain;
    const isNamed = table.has(name) || phases.has(`${message.tail(1)}.${name}`);
    return isNamed && context.memory?.parts.knowsBase('sma-em', meterOf(message)) ? learned : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeData) {
      for (const [name, raw] of message.leaves.byPath) table.take(draft, name, raw);
      return draft.finish(draft.time(message.leaves.byPath.get('timestamp')));
    }
    const name = message.tail(0);
    if (TELLING.test(name)) context.memory?.parts.learnBase('sma-em', meterOf(message));
    if (PHASE.test(message.tail(1))) phases.take(draft, `${message.tail(1)}.${name}`, message.text);
    else table.take(draft, name.replace(FHEM, ''), message.text);
    return draft.finish(null, true);
  },
};
