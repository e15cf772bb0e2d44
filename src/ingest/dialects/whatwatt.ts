import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * whatwatt Go, the reader of Swiss and other smart meters, by its report (MQTT, or `/api/v1/report`): kW and kWh, what is
 * drawn as positive and what is fed in as negative, each in a field of its own. After whatwatt's documentation of its API.
 */
const KW = 1000;

export const dialect = namedValues({
  name: 'whatwatt',
  reason: 'the report of a whatwatt Go',
  telling: ['report.instantaneous_power.active.positive.total', 'report.energy.active.positive.total'],
  fields: {
    'report.instantaneous_power.active.positive.total': half('gridPower', 1, { by: KW }),
    'report.instantaneous_power.active.negative.total': half('gridPower', -1, { by: KW }),
    'report.energy.active.positive.total': whole('totalGridImport'),
    'report.energy.active.negative.total': whole('totalGridExport'),
  },
});
