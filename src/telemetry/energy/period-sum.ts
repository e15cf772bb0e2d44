import type { PeriodSpan } from '../../core/zone.ts';
import { places, SHEET_WIDTH } from '../books/energy-sheet.ts';
import type { EnergyOrigin, EnergyOrigins, EnergyPeriod } from '../figures.ts';
import { measuredUntil } from '../source-record.ts';
import { type EnergyQuantity, energyQuantities } from './energy.ts';
import { leastCoverage, shareOf } from './energy-origins.ts';

/** Numbers of a period, placed as those of a quarter hour in a sheet of the books. */
export class PeriodSum {
  private readonly numbers = new Float64Array(SHEET_WIDTH).fill(Number.NaN);

  /** Adds the numbers of a quarter hour or of many. */
  add(numbers: ArrayLike<number>): void {
    for (let place = 0; place < this.numbers.length; place++) this.addAt(place, numbers[place] as number);
  }

  /** Adds a part of the energy that a counter knew of a long gap. */
  addBridge(quantity: EnergyQuantity, kwh: number): void {
    const at = energyQuantities.indexOf(quantity);
    this.addAt(places.kwh + at, kwh);
    this.addAt(places.bridged + at, kwh);
  }

  private addAt(place: number, value: number): void {
    if (Number.isNaN(value)) return;
    const before = this.numbers[place] as number;
    this.numbers[place] = Number.isNaN(before) ? value : before + value;
  }

  /** The totals; a period that is not over is measured up to now. */
  totals(span: PeriodSpan, asked: { now: number; newestMs: number }): Omit<EnergyPeriod, 'period'> {
    const heard = this.heardShare(span, asked);
    const origins = this.origins(heard);
    return {
      solarKwh: this.kwh('solar'),
      loadKwh: this.kwh('load'),
      importKwh: this.kwh('import'),
      exportKwh: this.kwh('export'),
      chargeKwh: this.kwh('charge'),
      dischargeKwh: this.kwh('discharge'),
      coverage: leastCoverage(origins) ?? heard,
      origins,
    };
  }

  /** Share of the period that lies between readings close enough together, 0..1; of one that is not over, up to now. */
  heardShare(span: PeriodSpan, asked: { now: number; newestMs: number }): number {
    const until = measuredUntil(asked.newestMs, this.intervalMs(), asked.now);
    const length = Math.min(span.to, Math.max(until, span.from)) - span.from;
    return shareOf(this.coveredMs(), length);
  }

  /** Time between readings close enough together [ms]. */
  coveredMs(): number {
    return this.numberAt(places.covered);
  }

  readings(): number {
    return this.numberAt(places.readings);
  }

  /** Mean time between readings close enough together [ms]; null where there are no two. */
  intervalMs(): number | null {
    const steps = this.readings() - 1;
    return steps > 0 && this.coveredMs() > 0 ? Math.round(this.coveredMs() / steps) : null;
  }

  private numberAt(place: number): number {
    const number = this.numbers[place] as number;
    return Number.isNaN(number) ? 0 : number;
  }

  private kwh(quantity: EnergyQuantity): number | null {
    const kwh = this.numbers[places.kwh + energyQuantities.indexOf(quantity)] as number;
    return Number.isNaN(kwh) ? null : round(kwh);
  }

  private origins(heard: number): EnergyOrigins {
    const origins: EnergyOrigins = {};
    for (const [i, quantity] of energyQuantities.entries()) {
      const kwh = this.numbers[places.kwh + i] as number;
      if (Number.isNaN(kwh)) continue;
      const power = this.numbers[places.power + i] as number;
      const bridged = this.numbers[places.bridged + i] as number;
      origins[quantity] = {
        from: fromOf(kwh, power),
        powerKwh: Number.isNaN(power) ? 0 : round(power),
        bridgedKwh: Number.isNaN(bridged) ? 0 : round(bridged),
        coverage: this.knownShare(i, heard),
      };
    }
    return origins;
  }

  /** Of a quantity, given the share for which the source was heard; nothing that was not heard is known. */
  private knownShare(quantity: number, heard: number): number {
    const [covered, known] = [this.coveredMs(), this.numberAt(places.known + quantity)];
    return known >= covered - NEGLIGIBLE_MS ? heard : shareOf(heard * known, covered);
  }
}

/** A counter that comes a moment after the first reading of a time. ms. */
const NEGLIGIBLE_MS = 1000;

/** A share below this is the end of the data, where a counter has not spoken yet, or a moment that it missed. */
const MENTIONED_SHARE = 0.01;

function fromOf(kwh: number, power: number): EnergyOrigin['from'] {
  if (Number.isNaN(power)) return 'counter';
  if (power >= kwh * (1 - MENTIONED_SHARE)) return 'power';
  return power <= kwh * MENTIONED_SHARE ? 'counter' : 'mixed';
}

/** To a tenth of a watt-hour: finer than any counter. */
const round = (kwh: number): number => Math.round(kwh * 1e4) / 1e4;
