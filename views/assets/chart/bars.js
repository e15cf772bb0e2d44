import { showValue } from './read-out.js';
import { root } from './state.js';

/** Bars are drawn by the server alone; here they are read out, and walked along with the arrow keys. */
export function watchBars() {
  root.addEventListener('pointerover', (event) => {
    const bar = event.target.closest('.bar');
    if (bar) readBar(bar);
    else if (!root.querySelector('.bar:focus')) readSum();
  });
  root.addEventListener('focusin', (event) => event.target.closest('.bar') && readBar(event.target.closest('.bar')));
  root.addEventListener('focusout', (event) => event.target.closest('.bar') && readSum());
}

function itemOf(bar) {
  const element = document.getElementById('bars-data');
  return element ? JSON.parse(element.textContent)[Number(bar.dataset.index)] : undefined;
}

function readBar(bar) {
  const item = itemOf(bar);
  const time = document.querySelector('[data-readout-time]');
  if (!item || !time) return;
  time.dataset.sum ??= time.textContent;
  time.textContent = item.title;
  for (const [label, text] of Object.entries(item.texts)) {
    const place = document.querySelector(`[data-readout="${label}"]`);
    if (!place) continue;
    place.dataset.sum ??= place.innerHTML;
    showValue(place, ...text.split('\u00a0'));
  }
}

function readSum() {
  for (const place of document.querySelectorAll('.readout [data-sum]')) place.innerHTML = place.dataset.sum;
}

export function moveAmongBars(event) {
  const all = [...root.querySelectorAll('.bar')];
  const at = all.indexOf(event.target.closest('.bar'));
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
  const next = all[to];
  if (!next) return;
  event.preventDefault();
  all[at].setAttribute('tabindex', '-1');
  next.setAttribute('tabindex', '0');
  next.focus();
}
