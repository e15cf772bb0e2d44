import { days, hours, minutes } from '../../src/core/durations.ts';
import { haurwitzGhiWm2 } from '../../src/core/solar/clear-sky.ts';
import { sunPosition } from '../../src/core/solar/position.ts';
import { dayKey, localDayOf, startOfLocalDay, zoneOffsetMs } from '../../src/core/zone.ts';
import { demoHouse, HouseModel, isOffline, newHouseState } from '../../src/demo/house-model.ts';
import { simulatedBlock } from '../../src/demo/weather-model.ts';
import type { ForecastIssue, ForecastQuantity } from '../../src/forecast/issue.ts';
import { isJudgedAt } from '../../src/forecast/score/came-day.ts';
import { judgeDay } from '../../src/forecast/score/day-score.ts';
import { leadTimes } from '../../src/forecast/score/lead-times.ts';
import { usualWidths } from '../../src/forecast/serve/band-widths.ts';
import type { SubjectData } from '../../src/forecast/serve/subject-data.ts';
import type { ToldWeather } from '../../src/forecast/train/told-weather.ts';
import { train } from '../../src/forecast/train/train.ts';
import type { WeatherTable } from '../../src/forecast/weather-table.ts';
import { loadXgboost } from '../../src/ml/xgboost.ml.ts';

/**
 * The record that the demo house gets of its last 30 days, by lead time: errors beside those of physics (or the usual) and of
 * the time of the day before, and how often the bands held: `bun bench/forecast/demo-accuracy.ts [end in ISO 8601]`.
 */
const end = Date.parse(process.argv[2] ?? '2026-11-26T00:00:00Z');
const QUARTER_MS = minutes(15);
const HISTORY_DAYS = 366;
const RECORD_DAYS = 30;
const from = end - days(HISTORY_DAYS);
const { place, timeZone } = demoHouse;

const columns = {
  shortwave_radiation: 'ghiWm2',
  direct_normal_irradiance: 'dniWm2',
  diffuse_radiation: 'dhiWm2',
  temperature_2m: 'temperatureC',
  relative_humidity_2m: 'humidityPercent',
  cloud_cover: 'cloudCoverPercent',
  wind_speed_10m: 'windMs',
  precipitation: 'precipitationMm',
} as const;

const learner = await loadXgboost();
const powers = measured();
for (const quantity of ['solar', 'load'] as const)
  print(quantity, record(quantity, powers[quantity]), powers[quantity]);

/** Quarter-hour means of what the devices send, W. */
function measured(): Record<ForecastQuantity, Float64Array> {
  const count = Math.round((end - from) / QUARTER_MS);
  const sums = { solar: new Float64Array(count), load: new Float64Array(count) };
  const seen = new Float64Array(count);
  const model = new HouseModel(demoHouse, newHouseState(from - minutes(5)));
  for (let time = from; time < end; time += minutes(5)) {
    model.advance(time);
    if (isOffline(time)) continue;
    const at = Math.floor((time - from) / QUARTER_MS);
    const { roofW, loadW } = model.powers;
    sums.solar[at] = (sums.solar[at] ?? 0) + roofW;
    sums.load[at] = (sums.load[at] ?? 0) + loadW;
    seen[at] = (seen[at] ?? 0) + 1;
  }
  const means = (sum: Float64Array): Float64Array => sum.map((value, at) => value / (seen[at] ?? 0));
  return { solar: means(sums.solar), load: means(sums.load) };
}

function weatherOf(first: number, count: number, toldAt: number): WeatherTable {
  const { values } = simulatedBlock(first, count, place, toldAt);
  return {
    stepMs: hours(1),
    times: Float64Array.from({ length: count }, (_, hour) => first + hour * hours(1)),
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, field]) => [
        column,
        Float64Array.from(values[field], (v) => v ?? Number.NaN),
      ]),
    ),
  };
}

/** The weather as it was told every six hours. */
function told(): ToldWeather[] {
  const every = hours(6);
  const first = Math.ceil((end - days(RECORD_DAYS + 10)) / every) * every + minutes(20);
  return Array.from({ length: Math.floor((end - first) / every) }, (_, issue) => {
    const at = first + issue * every;
    const begin = Math.floor(at / hours(1)) * hours(1) + hours(1);
    return { at, until: begin + days(8), table: weatherOf(begin, 8 * 24, at) };
  });
}

/** What would have been issued. */
function record(quantity: ForecastQuantity, powerW: Float64Array): ForecastIssue[] {
  const arrays = quantity === 'solar' ? [demoHouse.roof] : [];
  const data: SubjectData = {
    grid: { from, stepMs: QUARTER_MS, count: powerW.length },
    ...{ powerW, excluded: new Uint8Array(powerW.length), timeZone },
    weather: weatherOf(from, HISTORY_DAYS * 24 + 1, end + days(1)),
    site: { ...place, utcOffsetH: zoneOffsetMs(end, timeZone) / hours(1), installedW: demoHouse.roof.peakW, arrays },
  };
  const task = {
    subject: { sourceId: 'demo', quantity },
    data,
    champion: null,
    version: '1',
    madeAt: end,
    weather: null,
  };
  const wish = { told: told(), wantsReplays: true, widths: usualWidths(), mostTrialDays: RECORD_DAYS };
  return train({ ...task, ...wish }, learner).replays;
}

function print(quantity: ForecastQuantity, issues: readonly ForecastIssue[], powerW: Float64Array): void {
  const sums = leadTimes.map(() => ({
    count: 0,
    own: 0,
    reference: 0,
    persistence: 0,
    judged: 0,
    inside: 0,
    thirds: [
      [0, 0],
      [0, 0],
      [0, 0],
    ] as [number, number][],
  }));
  const last = localDayOf(end - 1, timeZone);
  for (let day = last - RECORD_DAYS; day <= last; day++) {
    const { leads } = judgeDay(
      {
        ...{ from: startOfLocalDay(day, timeZone), to: startOfLocalDay(day + 1, timeZone), date: dayKey(day) },
        ...{ seriesFrom: from, stepMs: QUARTER_MS, powerW, excluded: new Uint8Array(powerW.length) },
        isJudged: isJudgedAt(quantity, place),
        clearAt: quantity === 'solar' ? (time) => haurwitzGhiWm2(sunPosition(time, place).zenithDeg) : null,
      },
      issues,
    );
    for (const { lead, intervals, ...score } of leads) {
      const sum = sums[lead];
      if (!sum) continue;
      sum.count += intervals;
      sum.own += intervals * score.errorW;
      sum.reference += intervals * score.referenceErrorW;
      sum.persistence += intervals * (score.clearPersistenceErrorW ?? score.persistenceErrorW ?? 0);
      sum.judged += score.judged;
      sum.inside += score.inside;
      const third = sum.thirds[Math.min(2, Math.floor((day - last + RECORD_DAYS) / (RECORD_DAYS / 3)))];
      if (third) {
        third[0] += score.judged;
        third[1] += score.inside;
      }
    }
  }
  console.log(
    `| ${quantity} | quarter hours | error, W | physics or the usual | the day before | held, % | first third | second | last |`,
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  sums.forEach(({ count, own, reference, persistence, judged, inside, thirds }, at) => {
    if (count === 0) return;
    const watts = [own, reference, persistence].map((sum) => (sum / count).toFixed(1));
    console.log(
      `| ${leadTimes[at]?.label} | ${count} | ${watts.join(' | ')} | ${held(judged, inside)} | ${thirds.map((one) => held(...one)).join(' | ')} |`,
    );
  });
  console.log();
}

function held(judged: number, inside: number): string {
  return judged > 0 ? ((100 * inside) / judged).toFixed(1) : '-';
}
