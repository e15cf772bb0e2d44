import type { Draft, Field } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves } from '../payload/message-view.ts';

/**
 * NETIO sockets and power strips (PowerCable, PowerPDU, PowerBOX): the object of their JSON API, which they publish over
 * MQTT, too. All outputs together: current in mA, load in W, energy in Wh. What they measure is what their owner says.
 */
const [MILLIAMPERE, WH] = [0.001, 0.001];

export const dialect = namedValues({
  name: 'netio',
  reason: 'names of a NETIO socket',
  telling: ['OverallPowerFactor', 'TotalLoad', 'GlobalMeasure'],
  atLeast: 0,
  fields: {},
  readMore: readMeter,
});

function readMeter(draft: Draft, { byPath }: Leaves): void {
  const meter = meterMetrics(draft.context.role, 'load');
  const give = (to: Field['to'] | null, name: string, by = 1) => {
    const raw = byPath.get(`GlobalMeasure.${name}`);
    if (to && raw !== undefined) draft.take({ to, by }, raw);
  };
  give(meter.power, 'TotalLoad');
  give(meter.voltage, 'Voltage');
  give(meter.current, 'TotalCurrent', MILLIAMPERE);
  give(meter.frequency, 'Frequency');
  give(meter.total, 'TotalEnergy', WH);
  give(meter.returned, 'TotalReverseEnergy', WH);
}
