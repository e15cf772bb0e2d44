// One finger scrubs, two zoom; the wheel zooms with Ctrl and moves with Shift.
import { drawRange, loadView, zoomed } from './range.js';
import { point } from './read-out.js';
import { chart, nearest, root, touch } from './state.js';

export function watchPointers() {
  root.addEventListener('pointerdown', onFingerDown);
  root.addEventListener('pointermove', onFingerMove);
  root.addEventListener('pointerup', onFingerUp);
  root.addEventListener('pointercancel', onFingerUp);
  root.addEventListener('wheel', onWheel, { passive: false });
}

function timeAt(clientX) {
  const over = chart.plots[0].over.getBoundingClientRect();
  return chart.view.from + ((clientX - over.left) / over.width) * (chart.view.to - chart.view.from);
}

const isOnPlot = (event) => chart.plots.length > 0 && event.target.closest('.u-over');

function onFingerDown(event) {
  if (event.pointerType === 'mouse' || !isOnPlot(event)) return;
  touch.fingers.set(event.pointerId, event.clientX);
  if (touch.fingers.size === 2) {
    const [a, b] = [...touch.fingers.values()];
    touch.pinch = { range: { ...chart.view }, distance: Math.max(20, Math.abs(a - b)), centre: timeAt((a + b) / 2) };
  } else point(nearest(timeAt(event.clientX)));
}

function onFingerMove(event) {
  const { fingers, pinch } = touch;
  if (!fingers.has(event.pointerId)) return;
  fingers.set(event.pointerId, event.clientX);
  if (!pinch) return point(nearest(timeAt(event.clientX)));
  const [a, b] = [...fingers.values()];
  drawRange(zoomed(pinch.range, pinch.distance / Math.max(20, Math.abs(a - b)), pinch.centre));
}

function onFingerUp(event) {
  if (!touch.fingers.delete(event.pointerId) || !touch.pinch || touch.fingers.size > 1) return;
  touch.pinch = null;
  loadView();
}

let wheelSoon;
function onWheel(event) {
  if (!isOnPlot(event) || !(event.ctrlKey || event.shiftKey)) return;
  event.preventDefault();
  const { view } = chart;
  const delta = event.deltaY || event.deltaX;
  if (event.ctrlKey) drawRange(zoomed(view, delta > 0 ? 1.2 : 1 / 1.2, timeAt(event.clientX)));
  else {
    const move = (view.to - view.from) * Math.sign(delta) * 0.1;
    drawRange({ from: view.from + move, to: view.to + move });
  }
  clearTimeout(wheelSoon);
  wheelSoon = setTimeout(loadView, 250);
}
