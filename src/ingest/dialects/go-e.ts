import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { add, first, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * go-e's chargers as a load that is measured: `nrg` is a list of the voltages, currents and powers of the phases and of all, `eto`
 * what was charged ever. The first interface writes one object (`.../status`) in tenths of A and kW, hundredths of kW for all,
 * and tenths of kWh; the second one value a topic, in A, W and Wh. After goecharger/go-eCharger-API-v1 and -v2.
 */
const certain: Recognition = { sureness: 0.9, reason: 'the state of a go-e charger' };
const VOLTS: Field = first('outputVoltage');
const [AMPERES, TENTHS_A]: Field[] = [add('outputCurrent'), add('outputCurrent', { by: 0.1 })];
const [WATTS, HUNDREDTHS_KW]: Field[] = [whole('loadPower'), whole('loadPower', { by: 10 })];
const [WATT_HOURS, TENTHS_KWH]: Field[] = [
  whole('totalEnergyConsumed', { by: 0.001 }),
  whole('totalEnergyConsumed', { by: 0.1 }),
];
/** Where in the list the currents begin, and where the power of all phases is. */
const [FIRST_CURRENT, ALL_POWER, LEAST_LENGTH, PHASES] = [4, 11, 12, 3];
const TOPIC = /go-echarger\/[^/]+\/(nrg|eto)$/i;

export const dialect: Dialect = {
  name: 'go-e',

  recognise(message, { role }) {
    if (role !== 'load') return null;
    if (TOPIC.test(message.topic)) return certain;
    if (!message.looksLikeObject || !message.text?.includes('"nrg"')) return null;
    return isList(message.json?.nrg) && numberOf(message.json?.eto) !== null && isFirst(message) ? certain : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeObject) {
      const { nrg, eto } = message.json ?? {};
      if (!isList(nrg)) return nothingMeasured();
      readList(draft, nrg, TENTHS_A, HUNDREDTHS_KW);
      if (TENTHS_KWH) draft.take(TENTHS_KWH, eto);
      return draft.finish();
    }
    const list = message.tail(0).toLowerCase() === 'nrg' ? listIn(message) : null;
    if (list) readList(draft, list, AMPERES, WATTS);
    else if (WATT_HOURS && message.tail(0).toLowerCase() === 'eto') draft.take(WATT_HOURS, message.text);
    return draft.finish(null, list === null);
  },
};

/** The first interface says its version as a letter. */
const isFirst = (message: MessageView): boolean => /^[A-Z]$/.test(String(message.json?.version));

const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length >= LEAST_LENGTH;

function listIn({ text }: MessageView): unknown[] | null {
  const numbers = (text ?? '').replace(/[[\]\s]/g, '').split(',');
  return isList(numbers) ? numbers : null;
}

function readList(draft: Draft, list: readonly unknown[], amperes: Field | undefined, watts: Field | undefined): void {
  for (let phase = 0; phase < PHASES; phase++) {
    const which = { id: `L${phase + 1}`, order: phase + 1 };
    draft.take(VOLTS, list[phase], which);
    if (amperes) draft.take(amperes, list[FIRST_CURRENT + phase], which);
  }
  if (watts) draft.take(watts, list[ALL_POWER]);
}
