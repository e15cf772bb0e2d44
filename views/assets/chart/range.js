// Moving and zooming: each asks the server anew, at the resolution that fits.
import { load } from './load.js';
import { chart, chartOf } from './state.js';

/** The narrowest window, 5 minutes. */
const LEAST_MS = 300000;

export function zoom(factor, centre = (chart.view.from + chart.view.to) / 2) {
  show(zoomed(chart.view, factor, centre));
}

/** A range around `centre`, which stays at that share of the width: where it was, unless said otherwise. */
export function zoomed(range, factor, centre, share = (centre - range.from) / (range.to - range.from)) {
  const width = Math.max(LEAST_MS, (range.to - range.from) * factor);
  const from = centre - width * share;
  return { from, to: from + width };
}

/** Moves by a share of what is in view. */
export function pan(share) {
  show(moved(chart.view, share));
}

export function moved({ from, to }, share) {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

/** The same width, ending now at the latest, or where the day that is shown ends. */
function notLater({ from, to }) {
  const over = Math.max(0, to - Math.max(chart.model.now, chart.model.range.to));
  return { from: from - over, to: to - over };
}

/** Back to the usual range of this look. */
export function reset() {
  return load(chartOf().dataset.full);
}

/** Moves what is drawn at once, and asks for the data that belongs to it. */
function show(range) {
  drawRange(range);
  loadView();
}

export function drawRange(range) {
  const { from, to } = notLater(range);
  chart.view = { from, to };
  for (const plot of chart.plots) plot.setScale('x', { min: from, max: to });
}

/** Asks for the data of what is in view. */
export function loadView() {
  void load(urlFor(chart.view));
}

function urlFor(range) {
  const url = new URL(chartOf().dataset.url, location.href);
  url.searchParams.delete('range');
  const iso = (time) => new Date(Math.round(time / 1000) * 1000).toISOString().replace('.000', '');
  url.searchParams.set('from', iso(range.from));
  url.searchParams.set('to', iso(range.to));
  return url.pathname + url.search.replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** A stretch was chosen with the mouse. */
export function showSelection(plot) {
  const { left, width } = plot.select;
  if (width < 6) return;
  const range = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (range.to - range.from < LEAST_MS) range.to = range.from + LEAST_MS;
  show(range);
}
