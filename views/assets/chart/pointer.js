// One finger scrubs, two zoom and move; the wheel zooms with Ctrl and moves with Shift, and else scrolls the page.
import { drawRange, loadView, moved, zoomed } from './range.js';
import { point } from './read-out.js';
import { chart, nearest, root, touch } from './state.js';

export function watchPointers() {
  root.addEventListener('pointerdown', onFingerDown);
  root.addEventListener('pointermove', onFingerMove);
  root.addEventListener('pointerup', onFingerUp);
  root.addEventListener('pointercancel', onFingerUp);
  root.addEventListener('wheel', onWheel, { passive: false });
  // Two fingers are for the chart: the page neither zooms nor scrolls under them.
  root.addEventListener('touchmove', (event) => touch.pinch && event.preventDefault(), { passive: false });
}

/** Where on the width of the lines, 0 to 1. */
function shareAt(clientX) {
  const over = chart.plots[0].over.getBoundingClientRect();
  return (clientX - over.left) / over.width;
}
const timeAt = (clientX) => chart.view.from + shareAt(clientX) * (chart.view.to - chart.view.from);

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
  drawRange(zoomed(pinch.range, pinch.distance / Math.max(20, Math.abs(a - b)), pinch.centre, shareAt((a + b) / 2)));
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
  else drawRange(moved(view, Math.sign(delta) * 0.1));
  clearTimeout(wheelSoon);
  wheelSoon = setTimeout(loadView, 250);
}
