import { days, hours, minutes } from '../../src/core/durations.ts';
import { ForecastHouse } from '../../src/testing/forecast.ts';
import { munich, sunnyHouse } from '../../src/testing/sunny-house.ts';
import { watchLoop } from './watch-loop.ts';

/**
 * The whole appliance learns both subjects of one source: for the first time, with its record of the last month, and in the
 * night, from everything. Prints what that took and did to the main loop and to memory. Its argument is the length of
 * what is measured, minutes: 60 for two years of hours, 15 for a year of quarter hours, as much as is ever learned from.
 */
const stepMs = minutes(Number(process.argv[2]));
const DAYS = stepMs === hours(1) ? 730 : 375;
const TOLD_DAYS = 31;

const from = Date.UTC(2024, 3, 20);
const now = from + days(DAYS) + hours(2.4);
const { measure, sky, toldSky } = sunnyHouse(from, DAYS + 9);
const house = await ForecastHouse.start(now, munich);
const both = (time: number) => ({ ...measure(time), loadPower: Math.round(takes(time)) });
await house.measure(from, now, both, stepMs);
house.archive(sky, from, now);
for (let day = TOLD_DAYS; day >= 0; day--) {
  house.clock.set(now - days(day) - minutes(30));
  house.tell(toldSky, 24 * 8);
}
house.clock.set(now);
await house.app.features.forecast.subjects.refresh();

const first = await watchLoop(async () => {
  house.app.features.forecast.training.lookForNew();
  await house.settle();
});
house.clock.advance(days(1));
await house.measure(now, house.clock.now(), both, stepMs);
house.tell(toldSky, 24 * 8);
const night = await watchLoop(() => house.night());
const learned = await Promise.all([house.models('solar'), house.models('load')]);
await house[Symbol.asyncDispose]();
const windows = learned.map(({ serving, others }) =>
  Math.max(...[serving, ...others].map((model) => model?.card.window.days ?? 0)),
);
console.log(JSON.stringify({ first, night, windows }));

/** A house that cooks at noon and in the evening, and heats in winter. */
function takes(time: number): number {
  const hour = (time / hours(1) + 1) % 24;
  const meal = Math.exp(-((hour - 12) ** 2) / 2) + 2 * Math.exp(-((hour - 19) ** 2) / 4);
  const winter = 1 + Math.cos(((time - from) / days(365) + 0.3) * 2 * Math.PI);
  const chance = Math.abs(Math.sin(time / 1e7) * Math.cos(time / 3e6));
  return 150 + 900 * meal * (0.5 + chance) + 250 * winter;
}
