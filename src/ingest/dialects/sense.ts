import { first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Sense by the names of what its monitor says in real time, alone or wrapped (`payload`): W, V, Hz. */
export const dialect = namedValues({
  name: 'sense',
  reason: 'names of a Sense monitor',
  telling: ['d_solar_w', 'solar_pct', 'defaultCost'],
  fields: Object.fromEntries(
    ['', 'payload.'].flatMap((front) => [
      [`${front}w`, whole('loadPower')],
      [`${front}solar_w`, whole('solarPower')],
      [`${front}hz`, whole('gridFrequency')],
      [`${front}voltage.#`, first('gridVoltage')],
    ]),
  ),
});
