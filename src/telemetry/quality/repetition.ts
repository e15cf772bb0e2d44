import { minutes } from '../../core/durations.ts';
import { type MetricName, metrics } from '../../core/metrics.ts';
import type { LatestReading } from '../figures.ts';

/** Powers, voltages and currents that flow are never the very same for long; fewer than these say too little. */
const FEWEST_FIGURES = 3;
const FEWEST_ARRIVALS = 10;
const LONG_MS = minutes(15);

const electrical: readonly MetricName[] = metrics
  .filter(({ kind, unit }) => kind === 'gauge' && unit !== null && ['W', 'VA', 'V', 'A'].includes(unit))
  .map(({ name }) => name);
const powers = new Set<MetricName>(metrics.filter(({ unit }) => unit === 'W').map(({ name }) => name));

/**
 * Notices a source that goes on sending and says the very same each time: some bridges (SolarAssistant among them) repeat
 * the last values of an inverter that they have lost. Arrival then tells nothing about age.
 */
export class Repetition {
  private figures = '';
  /** When they were first heard, ms UTC. */
  private since = 0;
  private lastTime = Number.NEGATIVE_INFINITY;
  private arrivals = 0;

  learn({ time, values }: Pick<LatestReading, 'time' | 'values'>): void {
    if (time <= this.lastTime) return;
    this.lastTime = time;
    const flowing = electrical.filter((name) => values[name] !== undefined && values[name] !== 0);
    const isTelling = flowing.length >= FEWEST_FIGURES && flowing.some((name) => powers.has(name));
    const figures = isTelling ? flowing.map((name) => `${name} ${values[name]}`).join(' ') : '';
    if (figures === this.figures && figures !== '') {
      this.arrivals++;
      return;
    }
    this.figures = figures;
    this.since = time;
    this.arrivals = 0;
  }

  /** For how long all figures have been the same [ms]; null while that means nothing. */
  get repeatedMs(): number | null {
    const ms = this.lastTime - this.since;
    return this.arrivals >= FEWEST_ARRIVALS && ms >= LONG_MS ? ms : null;
  }
}
