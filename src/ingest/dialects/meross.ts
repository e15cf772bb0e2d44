import { meterMetrics } from '../meter-role.ts';
import { namedValues } from '../named-values.ts';

/** Meross plugs at a broker of their owner's (`Appliance.Control.Electricity`): mW, 0.1 V and mA. After krahabb/meross_lan. */
const [MILLI, DECI] = [0.001, 0.1];
const PART = 'payload.electricity.';

export const dialect = namedValues({
  name: 'meross',
  reason: 'the meter of a Meross plug',
  atLeast: 0,
  telling: [`${PART}power`],
  fields: {},
  readMore: (draft, { byPath }) => {
    const meter = meterMetrics(draft.context.role, 'load');
    const which = { id: String(byPath.get(`${PART}channel`) ?? ''), order: 0 };
    draft.take({ to: meter.power, by: MILLI, how: 'sum' }, byPath.get(`${PART}power`), which);
    if (meter.voltage) draft.take({ to: meter.voltage, by: DECI, how: 'first' }, byPath.get(`${PART}voltage`), which);
    if (meter.current) draft.take({ to: meter.current, by: MILLI, how: 'sum' }, byPath.get(`${PART}current`), which);
  },
});
