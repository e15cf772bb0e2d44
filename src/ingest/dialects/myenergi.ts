import { whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Answers of myenergi's hub (`cgi-jstatus-*`), as flows send them on: what each device knows of the house, in W and Hz, the grid positive while
 * something is bought, after public descriptions of its interface. What its clamps measure (`ectp1`) only their types say.
 */
export const dialect = namedValues({
  name: 'myenergi',
  reason: 'an answer of a myenergi hub',
  telling: ['ectp1', 'ectp2'],
  anyDepth: true,
  fields: {
    gen: whole('solarPower'),
    grd: whole('gridPower'),
    frq: whole('gridFrequency'),
    soc: whole('stateOfCharge'),
  },
});
