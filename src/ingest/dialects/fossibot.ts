import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Fossibot power stations over fossibot-mqtt-bridge: one object under `<base>/<mac>/state`. After its documentation, W and %.
 * `dcInputWatts` comes from panels or a car, and is left alone, as are the limits.
 */
export const dialect = namedValues({
  name: 'fossibot',
  reason: 'names of a Fossibot power station',
  commandTopics: ['fossibot/+/command'],
  telling: ['dcInputWatts', 'dischargeLowerLimit', 'acChargingUpperLimit'],
  fields: {
    soc: whole('stateOfCharge'),
    outputWatts: whole('loadPower'),
  },
});
