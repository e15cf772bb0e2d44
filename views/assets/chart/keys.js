import { moveAmongBars } from './bars.js';
import { load } from './load.js';
import { pan, reset, zoom } from './range.js';
import { point, step } from './read-out.js';
import { chart, chartOf, root, xOf } from './state.js';

const zoomAtCursor = (factor) => zoom(factor, chart.cursor === null ? undefined : xOf(chart.cursor));

const keys = {
  ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
  ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
  Home: () => step(Number.NEGATIVE_INFINITY),
  End: () => step(Number.POSITIVE_INFINITY),
  '+': () => zoomAtCursor(0.5),
  '=': () => zoomAtCursor(0.5),
  '-': () => zoomAtCursor(2),
  '[': () => pan(-0.5),
  ']': () => pan(0.5),
  PageUp: () => pan(-1),
  PageDown: () => pan(1),
  0: reset,
  Escape: () => (chart.cursor === null ? reset() : point(null)),
};

export function watchKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input, select, textarea')) return;
    // A letter is a key only where the page itself has the keyboard: who dictates says many letters elsewhere.
    if ((event.key === 't' || event.key === 'T') && event.target.closest?.('main')) {
      const link = root.querySelector('[data-history="table"]');
      if (link) void load(link.getAttribute('href'));
      return;
    }
    if (!chartOf()?.contains(event.target)) return;
    if (event.target.closest('.bar')) return moveAmongBars(event);
    if (!chart.plots.length) return enterBars(event);
    const handle = keys[event.key];
    if (!handle) return;
    event.preventDefault();
    handle(event);
  });
}

/** An arrow key on the chart itself leads to its bars. */
function enterBars(event) {
  if (chartOf() !== event.target || !root.querySelector('.bar') || !event.key.startsWith('Arrow')) return;
  event.preventDefault();
  root.querySelector('.bar[tabindex="0"]')?.focus();
}
