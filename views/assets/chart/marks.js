import { colourOf, fontFamily, labelColour } from './colours.js';
import { chart, chartOf } from './state.js';

/** Space for names right of the lines, in CSS pixels. */
export const rightSpace = () => Number.parseFloat(getComputedStyle(chartOf()).getPropertyValue('--chart-right')) || 8;

/** Nights, under everything. */
export function drawUnder(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colourOf('night');
  for (const night of chart.model.nights) {
    const from = Math.max(bbox.left, plot.valToPos(night.from, 'x', true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(night.to, 'x', true));
    if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

/** The line of zero, the line of now, and the names of the lines. */
export function drawOver(plot, panel) {
  const { ctx, bbox } = plot;
  const { model, view } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  if (panel.scale.min < 0) {
    const y = Math.round(plot.valToPos(0, 'y', true));
    drawRule(ctx, { colour: 'line-strong', width: ratio, from: [bbox.left, y], to: [bbox.left + bbox.width, y] });
  }
  const now = plot.valToPos(model.now, 'x', true);
  if (model.now < view.to && now >= bbox.left && now <= bbox.left + bbox.width) {
    drawRule(ctx, { colour: 'ink', width: 1.5 * ratio, from: [now, bbox.top], to: [now, bbox.top + bbox.height] });
  }
  ctx.restore();
  drawLabels(plot, panel);
}

function drawRule(ctx, { colour, width, from, to }) {
  ctx.strokeStyle = colourOf(colour);
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

/** Names at the ends of the lines, where the page has room for them. */
function drawLabels(plot, panel) {
  if (rightSpace() < 60) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const labels = panel.lines
    .map((line) => {
      const drawn = line.smooth ?? line.values;
      let last = drawn.length - 1;
      while (last >= 0 && drawn[last] === null) last--;
      return last < 0 ? null : { line, y: plot.valToPos(drawn[last], line.axis === 'right' ? 'right' : 'y', true) };
    })
    .filter(Boolean);
  pushApart(labels, 17 * ratio, bbox.top + bbox.height);
  ctx.save();
  ctx.font = `550 ${13 * ratio}px ${fontFamily()}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { line, y } of labels) {
    ctx.fillStyle = labelColour(line.colour);
    ctx.fillText(
      fitted(ctx, line.label, (rightSpace() - 12) * ratio),
      bbox.left + bbox.width + (8 + (panel.right ? chart.model.frame.right : 0)) * ratio,
      y,
    );
  }
  ctx.restore();
}

/** As much of a name as there is room for. */
function fitted(ctx, text, width) {
  if (ctx.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 1 && ctx.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** Moves labels until none covers another and the last one stays above `lowest`. */
function pushApart(labels, gap, lowest) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + gap);
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].y = Math.min(labels[i].y, i === labels.length - 1 ? lowest : labels[i + 1].y - gap);
  }
}
