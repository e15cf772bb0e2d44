import type { Field } from '../field-draft.ts';
import { add, first, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** A Swedish meter read by a P1IB: kW, kWh, V and A in one object; the hourly values are counters. After remne/p1ib. */
const KW = 1000;
const phases = (name: string, field: Field) =>
  Object.fromEntries([1, 2, 3].map((phase) => [`p1ib_${name}_l${phase}`, field]));

export const dialect = namedValues({
  name: 'p1ib',
  reason: 'names of a P1IB',
  telling: ['p1ib_active_power_plus_q1_q4', 'p1ib_hourly_active_import_q1_q4'],
  fields: {
    p1ib_active_power_plus_q1_q4: half('gridPower', 1, { by: KW }),
    p1ib_active_power_minus_q2_q3: half('gridPower', -1, { by: KW }),
    p1ib_hourly_active_import_q1_q4: whole('totalGridImport'),
    p1ib_hourly_active_export_q2_q3: whole('totalGridExport'),
    ...phases('voltage', first('gridVoltage')),
    ...phases('current', add('gridCurrent')),
  },
});
