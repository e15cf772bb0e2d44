import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * IAMMETER WEM meters: `device/<serial>/realtime` with `Data` (one phase) or `Datas` (three): volts, amperes, watts, kWh bought,
 * kWh sold, and of three phases the frequency. Power is positive while importing. After IAMMETER's MQTT description.
 */
const certain: Recognition = { sureness: 0.9, reason: 'data of an IAMMETER' };
const [VOLTS, AMPERES, WATTS, BOUGHT, SOLD, HERTZ] = [0, 1, 2, 3, 4, 5];

export const dialect: Dialect = {
  name: 'iammeter',

  recognise(message) {
    return message.tail(0) === 'realtime' && message.looksLikeObject && phasesOf(message.json) ? certain : null;
  },

  interpret(message, context) {
    const phases = phasesOf(message.json);
    if (!phases) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const meter = meterMetrics(context.role, 'grid');
    for (const [order, phase] of phases.entries()) {
      const which = { id: phases.length > 1 ? `L${order + 1}` : '', order };
      const add = { how: 'sum', rank: 1 } as const;
      const first = { how: 'first', rank: 1 } as const;
      draft.take({ to: meter.power, ...add }, phase[WATTS], which);
      if (meter.total) draft.take({ to: meter.total, ...add }, phase[BOUGHT], which);
      if (meter.returned) draft.take({ to: meter.returned, ...add }, phase[SOLD], which);
      if (meter.voltage) draft.take({ to: meter.voltage, ...first }, phase[VOLTS], which);
      if (meter.frequency && phase.length > HERTZ) draft.take({ to: meter.frequency, ...first }, phase[HERTZ], which);
      // Of the grid's current nothing says the way it goes.
      if (meter.current && meter.power !== 'gridPower')
        draft.take({ to: meter.current, ...add }, phase[AMPERES], which);
    }
    return draft.finish();
  },
};

function phasesOf(json: Record<string, unknown> | null): unknown[][] | null {
  if (typeof json?.SN !== 'string') return null;
  const phases = Array.isArray(json.Datas) ? json.Datas : [json.Data];
  const areAll =
    phases.length > 0 && phases.length <= 3 && phases.every((one) => Array.isArray(one) && one.length >= 5);
  return areAll ? (phases as unknown[][]) : null;
}
