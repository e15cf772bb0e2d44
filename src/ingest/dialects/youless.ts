import { numberOf } from '../field-draft.ts';
import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * YouLess LS120 by what its local API says of a smart meter (`/e`), sent on as it comes: the power in W, positive while
 * importing, and by tariff what was bought (`p1`, `p2`) and sold (`n1`, `n2`) in kWh. `net` is the one less the other; `ps0` and
 * `cs0` are its pulse input's, which may count anything. After Home Assistant's `youless`.
 */
const BOUGHT = ['p1', 'p2'];
const SOLD = ['n1', 'n2'];

export const dialect = namedValues({
  name: 'youless',
  reason: 'names of a YouLess',
  telling: ['cs0', 'ps0'],
  atLeast: 1,
  anyDepth: true,
  fields: { pwr: whole('gridPower') },
  readMore(draft, { byPath }) {
    const at = (name: string) => numberOf(byPath.get(name) ?? byPath.get(`0.${name}`));
    // Where it counts a meter's light or its disc, the tariffs stay at nought and say nothing.
    if (!BOUGHT.some((name) => (at(name) ?? 0) > 0)) return;
    for (const id of BOUGHT) draft.take(add('totalGridImport'), at(id), { id, order: 0 });
    for (const id of SOLD) draft.take(add('totalGridExport'), at(id), { id, order: 0 });
  },
});
