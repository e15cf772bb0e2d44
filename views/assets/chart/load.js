import { plotOf } from './panel.js';
import { chart, chartOf, root, touch } from './state.js';

let loading = null;

/** Asks the server for another part of time, or another look, and shows it in place of what is there. */
export async function load(url, isBack = false) {
  loading?.abort();
  const mine = new AbortController();
  loading = mine;
  chartOf()?.setAttribute('aria-busy', 'true');
  const focus = document.activeElement?.dataset?.history ?? document.activeElement?.id;
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { 'HX-Request': 'true', Accept: 'text/html' } });
    const away = answer.headers.get('HX-Redirect');
    // What cannot be shown (400) says so in the picture's place.
    if (away || !(answer.ok || answer.status === 400)) {
      location.assign(away ?? url);
      return;
    }
    const html = await answer.text();
    if (loading !== mine) return;
    clear();
    root.innerHTML = html;
    if (!isBack) history.pushState({ url }, '', url);
    mount();
    document.dispatchEvent(new CustomEvent('ampra:shown'));
    putFocusBack(focus);
  } catch (error) {
    if (error.name !== 'AbortError') sayOffline();
  }
}

function putFocusBack(name) {
  const next = name && (root.querySelector(`[data-history="${name}"]`) ?? document.getElementById(name));
  if (next && root.contains(next)) next.focus({ preventScroll: true });
}

function sayOffline() {
  chartOf()?.removeAttribute('aria-busy');
  const time = document.querySelector('[data-readout-time]');
  if (time) time.textContent = 'No connection to Ampra. What you see is what was loaded before.';
}

function clear() {
  for (const plot of chart.plots) plot.destroy();
  chart.plots = [];
  chart.cursor = null;
  touch.fingers.clear();
  touch.pinch = null;
}

/** Takes over what the server has drawn. */
export function mount() {
  clear();
  const data = document.getElementById('chart-data');
  const waiting = chartOf()?.dataset.load;
  if (waiting) void load(waiting, true);
  if (!data) return;
  chart.model = JSON.parse(data.textContent);
  chart.view = { ...chart.model.range };
  const panels = [...root.querySelectorAll('.panel[data-panel]')];
  chart.plots = panels.map((element, i) => plotOf(element, chart.model.panels[i]));
}

export function resize() {
  for (const plot of chart.plots) {
    const { clientWidth: width, clientHeight: height } = plot.root.parentElement;
    if (width && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
  }
}
