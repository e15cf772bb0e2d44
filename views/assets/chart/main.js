// The History page: lines that can be scrubbed, zoomed and moved. The server has drawn them already; this takes over.
import { watchBars } from './bars.js';
import { watchKeys } from './keys.js';
import { watchLinks } from './links.js';
import { mount, resize } from './load.js';
import { watchPointers } from './pointer.js';
import { reset, showSelection } from './range.js';
import { followCursor } from './read-out.js';
import { hooks, root } from './state.js';

function start() {
  Object.assign(hooks, { point: followCursor, select: showSelection, reset });
  watchKeys();
  watchLinks();
  watchPointers();
  watchBars();
  const redraw = () => requestAnimationFrame(mount);
  document.addEventListener('ampra:theme', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  new ResizeObserver(resize).observe(root);
  mount();
}

if (root && window.uPlot) start();
