import { formatDate, formatEnergy, formatNumber, formatPercent, joinShown, listWords } from '../../core/format.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { EnergyBars } from '../energy/energy-bars.ts';
import type { EnergySummary } from '../house/house.ts';
import type { ChartLine, ChartModel } from './history-view.ts';

/** Energy of the time that lines show, as it is booked; `isExact` if the time begins and ends with a quarter hour. */
export type ToldEnergy = EnergySummary & { isExact: boolean };

/**
 * What happened in the time that lines show, in a sentence or two; null when they do not tell. Without booked energy it
 * is worked out from the lines.
 */
export function tellLines(model: ChartModel, energy: ToldEnergy | null = null): string | null {
  const said = [energy ? tellEnergy(energy) : tellPower(model), tellFeeding(model), tellCharge(model)].filter(
    (sentence) => sentence !== null,
  );
  return said.length > 0 ? said.join(' ') : null;
}

/** What the bars add up to, and which was the best of them; null when nothing was measured. */
export function tellBars(bars: EnergyBars, nameOf: (period: string) => string): string | null {
  const { solarKwh, loadKwh, importKwh, exportKwh } = bars.total;
  const sums = tellSums({ produced: solarKwh, used: loadKwh, bought: importKwh, sold: exportKwh }, '');
  const best = bars.items.reduce<EnergyBars['items'][number] | null>(
    (top, item) => ((item.solarKwh ?? 0) > (top?.solarKwh ?? 0) ? item : top),
    null,
  );
  if (!sums || !best || bars.items.length < 2) return sums;
  return `${sums} The best ${bars.period} was ${nameOf(best.period)} with ${energy(best.solarKwh ?? 0)}.`;
}

const energy = (kwh: number): string => joinShown(formatEnergy(kwh));

const tellEnergy = ({ solarKwh, loadKwh, importKwh, exportKwh, isExact }: ToldEnergy): string | null =>
  tellSums({ produced: solarKwh, used: loadKwh, bought: importKwh, sold: exportKwh }, isExact ? '' : 'about ');

function tellPower(model: ChartModel): string | null {
  const sum = (metric: NumericMetric, share: (watts: number) => number): number | null => {
    const line = lineOf(model, metric);
    return line ? energyOf(model, line, share) : null;
  };
  return tellSums(
    {
      produced: sum('solarPower', (watts) => watts),
      used: sum('loadPower', (watts) => watts),
      bought: sum('gridPower', (watts) => Math.max(0, watts)),
      sold: sum('gridPower', (watts) => Math.max(0, -watts)),
    },
    'about ',
  );
}

/** "You produced 14.6 kWh, used 6.9 and sold 3.0." What rounds to nothing is left out, except production and use. */
function tellSums(sums: Record<'produced' | 'used' | 'bought' | 'sold', number | null>, about: string): string | null {
  const told = Object.entries(sums).flatMap(([verb, kwh]) =>
    kwh === null || (kwh < 0.05 && (verb === 'bought' || verb === 'sold')) ? [] : [{ verb, kwh }],
  );
  if (told.length === 0) return null;
  // "About" and tenths of hundreds do not go together.
  const say = (kwh: number): string => (about && kwh >= 100 ? formatNumber(kwh) : formatNumber(kwh, 1));
  const words = told.map(({ verb, kwh }, i) =>
    i === 0 ? `${verb} ${about}${say(kwh)}\u00a0kWh` : `${verb} ${say(kwh)}`,
  );
  return `You ${listWords(words)}.`;
}

const lineOf = (model: ChartModel, metric: NumericMetric): ChartLine | undefined =>
  model.panels.flatMap((panel) => panel.lines).find((line) => line.metric === metric);

interface Point {
  time: number;
  value: number;
}

/** Where values are known, by the middle of each bucket. */
const pointsOf = (model: ChartModel, values: readonly (number | null)[]): Point[] =>
  model.times.flatMap((start, i) => {
    const value = values[i] ?? null;
    return value === null ? [] : [{ time: Math.min(model.now, start + model.bucketMs / 2), value }];
  });

/** Energy under a line by trapezoids, kWh; nothing is made up for gaps. Null when it is never known. */
function energyOf(model: ChartModel, line: ChartLine, share: (watts: number) => number): number | null {
  const points = pointsOf(model, line.values);
  if (points.length === 0) return null;
  let wattMs = 0;
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (!before || point.time - before.time > model.maxGapMs) return;
    wattMs += ((share(before.value) + share(point.value)) / 2) * (point.time - before.time);
  });
  return wattMs / 3.6e9;
}

/** Below this a battery rests. W. */
const FEEDS_W = 30;
/** Shorter pauses belong to the night that they interrupt; shorter nights are not worth a sentence. ms. */
const PAUSE_MS = 1_800_000;
const DAY_AND_A_BIT_MS = 26 * 3_600_000;

/** "The battery fed the house from 18:10 to 06:40.": the longest such stretch of about a day. */
function tellFeeding(model: ChartModel): string | null {
  const line = lineOf(model, 'batteryPower');
  const { from, to } = model.range;
  if (!line || !lineOf(model, 'loadPower') || to - from > DAY_AND_A_BIT_MS) return null;
  const points = pointsOf(model, line.values);
  const stretches: { from: number; to: number }[] = [];
  for (const { time, value } of points) {
    if (value > -FEEDS_W) continue;
    const last = stretches[stretches.length - 1];
    if (last && time - last.to <= PAUSE_MS) last.to = time;
    else stretches.push({ from: time, to: time });
  }
  const longest = stretches.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a), { from: 0, to: 0 });
  if (longest.to - longest.from < PAUSE_MS) return null;
  const clock = (time: number): string => formatDate(time, model.timeZone, 'time');
  const isFromStart = longest.from - from < PAUSE_MS;
  const isStill = to >= model.now - PAUSE_MS && longest.to === points[points.length - 1]?.time;
  if (isFromStart && isStill) return 'The battery has fed the house all the time.';
  if (isFromStart) return `The battery fed the house until ${clock(longest.to)}.`;
  if (isStill) return `The battery has fed the house since ${clock(longest.from)}.`;
  return `The battery fed the house from ${clock(longest.from)} to ${clock(longest.to)}.`;
}

/** "The charge was between 22 % (06:40) and 98 % (14:10)." */
function tellCharge(model: ChartModel): string | null {
  const line = lineOf(model, 'stateOfCharge');
  if (!line) return null;
  // The extremes, not the means: within a day of months the charge goes up and down.
  const lows = pointsOf(model, line.lows ?? line.values);
  const highs = pointsOf(model, line.highs ?? line.values);
  const [firstLow, firstHigh] = [lows[0], highs[0]];
  if (!firstLow || !firstHigh) return null;
  const low = lows.reduce((a, b) => (b.value < a.value ? b : a), firstLow);
  const high = highs.reduce((a, b) => (b.value > a.value ? b : a), firstHigh);
  const { from, to } = model.range;
  const style = to - from <= DAY_AND_A_BIT_MS ? 'time' : model.bucketMs >= 86_400_000 ? 'date' : 'dateTime';
  const say = (point: Point): string =>
    `${joinShown(formatPercent(point.value))} (${formatDate(point.time, model.timeZone, style)})`;
  if (high.value - low.value < 1) return `The charge stayed at ${joinShown(formatPercent(low.value))}.`;
  return `The charge was between ${say(low)} and ${say(high)}.`;
}
