import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Dutch P1 meters over smartmeter2mqtt (svrooij): one object, in kWh and kW beside W. `totalT1Use` was bought, what was
 * delivered is what the house gave; `calculatedUsage` is both in W, positive while importing. After its documentation.
 */
export const dialect = namedValues({
  name: 'smartmeter2mqtt',
  reason: 'names of smartmeter2mqtt',
  telling: ['totalT1Use', 'totalT1Delivered'],
  fields: {
    'totalT#Use': add('totalGridImport'),
    'totalT#Delivered': add('totalGridExport'),
    calculatedUsage: whole('gridPower'),
  },
});
