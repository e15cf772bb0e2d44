import { colourOf, fontFamily, lineColour, patterns, soften } from './colours.js';
import { drawOver, drawUnder, rightSpace } from './marks.js';
import { chart, hooks, nearest, xOf } from './state.js';

/** Draws a panel of lines into its element and gives the plot. */
export function plotOf(element, panel) {
  const { series, data, bands } = linesOf(panel);
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      padding: [chart.model.frame.top, rightSpace(), 0, 0],
      ms: 1,
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [chart.view.from, chart.view.to] },
        y: { range: () => [panel.scale.min, panel.scale.max] },
        ...(panel.right ? { right: { range: () => [panel.right.scale.min, panel.right.scale.max] } } : {}),
      },
      axes: axesOf(panel),
      series,
      bands,
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: { size: 8, width: 2, fill: colourOf('surface') },
        bind: { dblclick: () => () => hooks.reset() },
        move: (self, x, y) => [snap(self, x), y],
      },
      hooks: {
        drawClear: [drawUnder],
        draw: [(self) => drawOver(self, panel)],
        setCursor: [(self) => hooks.point(self)],
        setSelect: [(self) => hooks.select(self)],
      },
    },
    data,
    element,
  );
  element.classList.add('is-alive');
  return plot;
}

/** Each line, and before it the band between its lows and highs. */
function linesOf(panel) {
  const series = [{}];
  const data = [chart.model.times.map((_, i) => xOf(i))];
  const bands = [];
  for (const line of panel.lines) {
    if (line.lows && line.highs) {
      series.push(edgeOfBand(line, line.highs), edgeOfBand(line, line.lows));
      data.push(line.highs, line.lows);
      const share = Number(colourOf('band')) || 0.2;
      bands.push({ series: [series.length - 2, series.length - 1], fill: soften(lineColour(line.colour), share) });
    }
    series.push(seriesOf(line));
    data.push(line.smooth ?? line.values);
  }
  return { series, data, bands };
}

/** The scale that a line counts by. */
const scaleOf = (line) => (line.axis === 'right' ? 'right' : 'y');

function seriesOf(line) {
  const stroke = lineColour(line.colour);
  return {
    scale: scaleOf(line),
    label: line.label,
    stroke,
    width: line.colour === 'load' ? 2 : 1.75,
    dash: patterns[line.pattern],
    points: { show: false, filter: () => lonePoints(line.values), size: 6, fill: stroke },
    spanGaps: false,
    gaps: gapsOf(line.values),
    ...(line.hasArea ? { fill: soften(stroke, 0.22), fillTo: 0 } : {}),
  };
}

function edgeOfBand(line, values) {
  const points = { show: false, filter: () => null };
  return { scale: scaleOf(line), stroke: 'transparent', width: 0, points, gaps: gapsOf(values) };
}

/** A gap in the data is a gap in the line; readings that are merely rare are joined. */
function gapsOf(values) {
  return (plot) => {
    const { times, maxGapMs } = chart.model;
    const gaps = [];
    let last = -1;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === null || values[i] === undefined) continue;
      if (last >= 0 && times[i] - times[last] > maxGapMs) {
        gaps.push([plot.valToPos(xOf(last), 'x', true), plot.valToPos(xOf(i), 'x', true)]);
      }
      last = i;
    }
    return gaps;
  };
}

/** Readings with a gap on either side: no line leads to them, so each gets a dot. */
function lonePoints(values) {
  const { times, maxGapMs } = chart.model;
  const known = times.map((_, i) => i).filter((i) => values[i] !== null && values[i] !== undefined);
  const isApart = (a, b) => a === undefined || b === undefined || times[b] - times[a] > maxGapMs;
  return known.filter((i, k) => isApart(known[k - 1], i) && isApart(i, known[k + 1]));
}

/** Time below, at the ticks that the server chose for this width; the scale beside. */
function axesOf(panel) {
  const { bottom, left, right } = chart.model.frame;
  const plain = { font: `12px ${fontFamily()}`, stroke: colourOf('ink-2'), ticks: { show: false } };
  const times = () => (matchMedia('(min-width: 64rem)').matches ? chart.model.wideTicks : chart.model.ticks);
  return [
    {
      ...plain,
      size: bottom,
      gap: 6,
      grid: { show: false },
      splits: () => times().map((tick) => tick.time),
      values: () => times().map((tick) => tick.text),
    },
    {
      ...plain,
      size: left,
      gap: 8,
      grid: { stroke: colourOf('line'), width: 1 },
      splits: () => panel.scale.ticks,
      values: () => panel.tickTexts,
    },
    ...(panel.right ? [{ ...plain, ...rightAxis(panel.right, right) }] : []),
  ];
}

/** The axis of a second unit; its ticks lie on the rules of the first. */
const rightAxis = ({ scale, tickTexts }, size) => ({
  ...{ scale: 'right', side: 1, size, gap: 8, grid: { show: false } },
  splits: () => scale.ticks,
  values: () => tickTexts,
});

/** The cursor stands on buckets, not between them. */
function snap(plot, x) {
  if (x < 0) return x;
  return plot.valToPos(xOf(nearest(plot.posToVal(x, 'x'))), 'x');
}
