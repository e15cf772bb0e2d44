import { formatQuantity, formatTime } from './numbers.js';
import { chart, nearest, newest, xOf } from './state.js';

let isMoving = false;

/** The cursor of a plot was moved by mouse or by `point`. */
export function followCursor(plot) {
  if (isMoving) return;
  const { left } = plot.cursor;
  if (left === undefined || left < 0) return point(null, plot);
  point(nearest(plot.posToVal(left, 'x')), plot);
}

/** Points at a bucket in every panel, and reads it out; null goes back to the newest. */
export function point(index, from) {
  chart.cursor = index;
  isMoving = true;
  for (const plot of chart.plots) {
    if (plot === from) continue;
    plot.setCursor(index === null ? { left: -10, top: -10 } : { left: plot.valToPos(xOf(index), 'x'), top: 4 });
  }
  isMoving = false;
  readOut(index ?? newest());
}

/** The cursor a few buckets on, or to either end; for keys, so it is also told. */
export function step(by) {
  const last = chart.model.times.length - 1;
  if (last < 0) return;
  const from = chart.cursor ?? (by < 0 ? newest() + 1 : -1);
  point(Math.min(last, Math.max(0, from + by)));
  speak();
}

function readOut(index) {
  const { model } = chart;
  const time = document.querySelector('[data-readout-time]');
  if (!time || !(index >= 0)) return;
  time.textContent = formatTime(Math.min(model.now, model.range.to - 1, xOf(index)), model);
  for (const panel of model.panels) {
    for (const line of panel.lines) {
      const place = document.querySelector(`[data-readout="${CSS.escape(line.key)}"]`);
      const { unit } = (line.axis === 'right' && panel.right) || panel;
      if (place) showValue(place, ...formatQuantity(line.values[index], unit, model.temperatureUnit));
    }
  }
}

/** Puts a number and its unit where they are read out. */
export function showValue(place, number, unit) {
  place.replaceChildren(span('number', number), ...(unit ? [span('unit', unit)] : []));
}

function span(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

let speakSoon;
function speak() {
  clearTimeout(speakSoon);
  speakSoon = setTimeout(() => {
    const voice = document.getElementById('chart-voice');
    const parts = [...document.querySelectorAll('.readout-item')].map((item) => item.textContent.trim());
    if (voice) voice.textContent = `${document.querySelector('[data-readout-time]')?.textContent}: ${parts.join(', ')}`;
  }, 500);
}
