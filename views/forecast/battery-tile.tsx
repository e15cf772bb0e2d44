import { formatDate } from '../../src/core/format.ts';
import { nightsWithin } from '../../src/core/solar/day.ts';
import type { SunPlace } from '../../src/core/solar/place.ts';
import type { TimeSpan } from '../../src/core/time-range.ts';
import type { BatteryCourse } from '../../src/forecast/pages/battery-course.ts';
import { sayCourse } from '../../src/forecast/pages/battery-words.ts';
import { EnergyMark } from '../parts/index.ts';

interface BatteryTileProps {
  /** `later` while it is being looked up: the tile then keeps its place, so that nothing below it moves. */
  course: BatteryCourse | 'later';
  now: number;
  timeZone: string;
  place: SunPlace;
}

/** The battery's next hours on the Live page: a sentence, and the most likely charge as a line. */
export function BatteryTile({ course, now, timeZone, place }: BatteryTileProps) {
  return (
    <section class="outlook-tile battery-tile" id="battery-to-come" aria-labelledby="battery-to-come-title">
      <header class="outlook-head">
        <h2 id="battery-to-come-title">
          <EnergyMark energy="battery" /> Battery to come
        </h2>
      </header>
      <p class="battery-words">
        {course === 'later' ? 'What it did of late is being looked up.' : sayCourse(course, now, timeZone)}
      </p>
      <svg class="battery-course battery" width="100%" height="92" aria-hidden="true">
        {course !== 'later' && <Picture {...{ course, now, timeZone, place }} />}
        {[0, HEIGHT / 2, HEIGHT].map((y) => (
          <line class="rule" x1="0" x2="100%" y1={y} y2={y} />
        ))}
      </svg>
      <p class="hint">The most likely charge, 0 to 100 %, if the house takes and the sun gives what is forecast.</p>
    </section>
  );
}

function Picture({ course, now, timeZone, place }: BatteryTileProps & { course: BatteryCourse }) {
  const range = { from: now, to: course.points.at(-1)?.time ?? now };
  return (
    <>
      {nightsWithin(range, place).map((night) => (
        <rect class="night" x={shareOf(night.from, range)} width={widthOf(night, range)} y="0" height={HEIGHT} />
      ))}
      <svg width="100%" height={HEIGHT} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path class="battery-course-area" d={`${lineOf(course)}V100H0Z`} />
        <path class="battery-course-line" d={lineOf(course)} />
      </svg>
      {ticksOf(range, timeZone).map(({ time, text }) => (
        <text class="tick" x={shareOf(time, range)} y={HEIGHT + 17}>
          {text}
        </text>
      ))}
    </>
  );
}

/** Of the picture without its times. px. */
const HEIGHT = 72;
const HOUR_MS = 3_600_000;

const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;
const shareOf = (time: number, { from, to }: TimeSpan): string =>
  percent(Math.min(1, Math.max(0, (time - from) / Math.max(1, to - from))));
const widthOf = (night: TimeSpan, { from, to }: TimeSpan): string =>
  percent((Math.min(night.to, to) - Math.max(night.from, from)) / Math.max(1, to - from));

/** Through every point: 0 to 100 from left to right, and from full down to empty. */
function lineOf({ points }: BatteryCourse): string {
  const last = Math.max(1, points.length - 1);
  const round = (n: number): number => Math.round(n * 10) / 10;
  return `M${points.map(({ charge }, i) => `${round((100 * i) / last)} ${round(100 - charge)}`).join('L')}`;
}

/** Each sixth hour of the clock, but for those that the edges would cut. */
function ticksOf({ from, to }: TimeSpan, timeZone: string): { time: number; text: string }[] {
  const ticks: { time: number; text: string }[] = [];
  const margin = (to - from) / 20;
  // Quarter hours: some zones are half past those of UTC.
  for (let time = Math.ceil(from / (HOUR_MS / 4)) * (HOUR_MS / 4); time < to - margin; time += HOUR_MS / 4) {
    const text = formatDate(time, timeZone, 'time');
    if (time > from + margin && /^(00|06|12|18):00$/.test(text)) ticks.push({ time, text });
  }
  return ticks;
}
