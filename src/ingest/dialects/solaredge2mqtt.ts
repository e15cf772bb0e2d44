import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * SolarEdge over DerOetzi/solaredge2mqtt: `<base>/powerflow` with the flows of a house in W, each split into two fields that
 * are never negative. Names after its services/powerflow/models.py.
 */
export const dialect = namedValues({
  name: 'solaredge2mqtt',
  reason: 'the power flow of solaredge2mqtt',
  sureness: 0.9,
  telling: ['grid.delivery', 'consumer.house'],
  fields: {
    pv_production: whole('solarPower'),
    'grid.consumption': half('gridPower', 1),
    'grid.delivery': half('gridPower', -1),
    'battery.charge': half('batteryPower', 1),
    'battery.discharge': half('batteryPower', -1),
    'consumer.total': whole('loadPower', { rank: 3 }),
    'consumer.house': whole('loadPower'),
  },
});
