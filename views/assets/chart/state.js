/** The History page as it stands: what is drawn, which part of time is in view, and where the cursor is. */
export const root = document.getElementById('history');

export const chart = {
  /** What the server sent for the lines (ChartModel); null for bars and tables. */
  model: null,
  plots: [],
  /** What is in view, `{ from, to }` in ms; while moving it runs ahead of what is loaded. */
  view: null,
  /** Index of the bucket that is read out; null for the newest. */
  cursor: null,
};

/** What a plot does with the hand that touches it; filled in by main.js, which knows all the parts. */
export const hooks = { point: null, select: null, reset: null };

/** Fingers on the chart by pointer, and the pinch that two of them make. */
export const touch = { fingers: new Map(), pinch: null };

export const chartOf = () => document.getElementById('chart');

/** The middle of a bucket, where its value is drawn. */
export const xOf = (index) => chart.model.times[index] + chart.model.bucketMs / 2;

export function nearest(time) {
  const { times } = chart.model;
  let best = 0;
  for (let i = 0; i < times.length; i++) if (Math.abs(xOf(i) - time) < Math.abs(xOf(best) - time)) best = i;
  return best;
}

/** The last bucket in which anything was measured. */
export function newest() {
  const { panels, times } = chart.model;
  const lines = panels.flatMap((panel) => panel.lines);
  let last = times.length - 1;
  while (last > 0 && lines.every((line) => line.values[last] === null)) last--;
  return last;
}
