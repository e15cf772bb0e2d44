import { meterMetrics } from '../meter-role.ts';
import { namedValues } from '../named-values.ts';

/** TP-Link Kasa plugs by the real-time values of their meter (`emeter`): mV, mA, mW and Wh in one object. After python-kasa. */
const MILLI = 0.001;

export const dialect = namedValues({
  name: 'kasa',
  reason: 'the meter of a Kasa plug',
  atLeast: 0,
  telling: ['power_mw', 'voltage_mv'],
  fields: {},
  readMore: (draft, { byPath }) => {
    const meter = meterMetrics(draft.context.role, 'load');
    if (meter.power) draft.take({ to: meter.power, by: MILLI }, byPath.get('power_mw'));
    if (meter.voltage) draft.take({ to: meter.voltage, by: MILLI }, byPath.get('voltage_mv'));
    if (meter.current) draft.take({ to: meter.current, by: MILLI }, byPath.get('current_ma'));
    if (meter.total) draft.take({ to: meter.total, by: MILLI }, byPath.get('total_wh'));
  },
});
