import bars from '../../views/assets/chart/bars.js' with { type: 'text' };
import colours from '../../views/assets/chart/colours.js' with { type: 'text' };
import keys from '../../views/assets/chart/keys.js' with { type: 'text' };
import links from '../../views/assets/chart/links.js' with { type: 'text' };
import load from '../../views/assets/chart/load.js' with { type: 'text' };
import main from '../../views/assets/chart/main.js' with { type: 'text' };
import marks from '../../views/assets/chart/marks.js' with { type: 'text' };
import numbers from '../../views/assets/chart/numbers.js' with { type: 'text' };
import panel from '../../views/assets/chart/panel.js' with { type: 'text' };
import pointer from '../../views/assets/chart/pointer.js' with { type: 'text' };
import range from '../../views/assets/chart/range.js' with { type: 'text' };
import readOut from '../../views/assets/chart/read-out.js' with { type: 'text' };
import state from '../../views/assets/chart/state.js' with { type: 'text' };
import { joinModules } from './join-modules.ts';

/** Modules of the History page's script; each stands after those that it imports from. */
export const chartModules: readonly string[] = [
  ...[state, numbers, colours, marks, panel, load],
  ...[range, readOut, bars],
  ...[keys, pointer, links, main],
];

/** The script of the History page. */
export const chartScript: string = joinModules(chartModules);
