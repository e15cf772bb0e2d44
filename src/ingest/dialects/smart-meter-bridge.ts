import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * WouterGritter's smart-meter-mqtt-bridge: one plain value a topic, powers in kW (positive while importing), energies in kWh,
 * `energy` alone what was bought less what was sold. Its names are anybody's: only `energy/delivery` and `energy/redelivery`
 * tell, and make the others known. After its README.
 */
const NAME = 'smart-meter-bridge';
const likely: Recognition = { sureness: 0.7, reason: 'topics of smart-meter-mqtt-bridge' };
const KW = 1000;
const TELLING = /^energy\.(re)?delivery$/;
const fields: Record<string, Field | null> = {
  'energy.delivery': whole('totalGridImport'),
  'energy.redelivery': whole('totalGridExport'),
  energy: null,
  power: whole('gridPower', { by: KW }),
  frequency: whole('gridFrequency'),
  'l#.power': add('gridPower', { by: KW }),
  'l#.voltage': first('gridVoltage'),
  'l#.amperage': add('gridCurrent'),
};
const table = new FieldTable(Object.fromEntries(Object.entries(fields).flatMap(([name, f]) => (f ? [[name, f]] : []))));
const LAST = /^(energy|power|frequency|voltage|amperage|(re)?delivery)$/;
const UNDER = /^(l[123]|energy)$/;

/** What a topic is called below the bridge's own, and that. */
function placeOf(message: MessageView): { name: string; base: string } | null {
  if (message.looksLikeData || !LAST.test(message.tail(0))) return null;
  const isDeep = UNDER.test(message.tail(1));
  const name = isDeep ? `${message.tail(1)}.${message.tail(0)}` : message.tail(0);
  return { name, base: message.base(isDeep ? 2 : 1) };
}

function isKnown({ name, base }: { name: string; base: string }, { memory }: DialectContext): boolean {
  return TELLING.test(name) || ((name in fields || table.has(name)) && memory?.parts.knowsBase(NAME, base) === true);
}

export const dialect: Dialect = {
  name: NAME,

  recognise(message, context) {
    if (context.role !== undefined && context.role !== 'grid') return null;
    const place = placeOf(message);
    return place && isKnown(place, context) ? likely : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const place = placeOf(message);
    if (place && TELLING.test(place.name)) context.memory?.parts.learnBase(NAME, place.base);
    if (place) table.take(draft, place.name, message.text);
    return draft.finish(null, true);
  },
};
