import type { TimeSpan } from '../../core/time-range.ts';
import { lengthOf } from './pieces.ts';
import type { Counted } from './placing.ts';

/**
 * When a counter said nothing since it last moved. What it counted by then flowed in these times sooner than in those in which
 * it said zero, or once more what it had said before: so devices do that have lost their inverter, or come back.
 */

/** More of them tell less of each. */
const MOST = 4;

export class Silences {
  private heardAt: number | null = null;
  private spans: TimeSpan[] = [];

  /** It says something, whatever that means. */
  hear(time: number, isGap: (ms: number) => boolean): void {
    const { heardAt } = this;
    if (heardAt !== null && isGap(time - heardAt)) {
      this.spans.push({ from: heardAt, to: time });
      if (this.spans.length > MOST) this.spans.shift();
    }
    this.heardAt = time;
  }

  /** It moved: what it counted before is placed. */
  forget(): void {
    if (this.spans.length > 0) this.spans = [];
  }

  /**
   * When it flowed what it counted by now: between its last two values, and where more was counted than flows then, in the
   * silences before, too. `fits`: so much flows in a time [ms].
   */
  around(
    { from, to, kwh }: Pick<Counted, 'from' | 'to' | 'kwh'>,
    isGap: (ms: number) => boolean,
    { fits, isTooMuch }: { fits: (ms: number) => boolean; isTooMuch: () => boolean },
  ): Counted {
    const first = this.spans[0];
    const isBridge = isGap(to - from);
    if (!first) return { from, to, kwh, isBridge, likely: [] };
    const isLate = (this.spans[this.spans.length - 1] as TimeSpan).to <= from && isTooMuch();
    const likely = isLate ? [...this.spans, { from, to }] : isBridge ? this.spans : [];
    const start = isLate ? Math.min(from, first.from) : from;
    return { from: start, to, kwh, isBridge: isBridge || isLate, likely: fits(lengthOf(likely)) ? likely : [] };
  }

  /** `base`: when it said what is believed last [ms], nearly always when it last said something. */
  state(base: number): SilencesState {
    const { heardAt, spans } = this;
    return {
      ...(heardAt !== base && heardAt !== null && { heardAt }),
      ...(spans.length > 0 && { silences: spans.flatMap(({ from, to }) => [from, to]) }),
    };
  }

  restore({ heardAt, silences = [] }: SilencesState, base: number | null): void {
    this.heardAt = heardAt ?? base;
    this.spans = [];
    for (let i = 0; i < silences.length; i += 2)
      this.spans.push({ from: silences[i] as number, to: silences[i + 1] as number });
  }
}

/** Start and end of each, one after the other. */
export interface SilencesState {
  heardAt?: number;
  silences?: number[];
}
