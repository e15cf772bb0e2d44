import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * OpenEMS and FENECON by the channels of the edge's sum (`_sum/EssSoc`), one value a topic or one object. W and Wh, after
 * io.openems.edge.common.sum: the grid's power is positive while buying, the storage's while discharging.
 */
const WH = 0.001;

export const dialect = namedValues({
  name: 'openems',
  reason: 'channels of an OpenEMS edge',
  telling: [
    'EssSoc',
    'EssDischargePower',
    'EssActivePower',
    'ProductionActivePower',
    'ConsumptionActivePower',
    'GridBuyActiveEnergy',
  ],
  anyDepth: true,
  fields: {
    EssSoc: whole('stateOfCharge'),
    EssDischargePower: whole('batteryPower', { by: -1 }),
    GridActivePower: whole('gridPower'),
    ProductionActivePower: whole('solarPower'),
    ConsumptionActivePower: whole('loadPower'),
    GridBuyActiveEnergy: whole('totalGridImport', { by: WH }),
    GridSellActiveEnergy: whole('totalGridExport', { by: WH }),
    ProductionActiveEnergy: whole('totalEnergyProduced', { by: WH }),
    ConsumptionActiveEnergy: whole('totalEnergyConsumed', { by: WH }),
  },
});
