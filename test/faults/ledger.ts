/** What is known of one reading. */
const SENT = 1;
const ACKNOWLEDGED = 2;

/**
 * Devices send of days that are over, which go into the archive as soon as the books are brought up to date; a thousand
 * rounds of three thousand readings have room.
 */
export const FIRST_TIME = Date.UTC(2012, 0, 1);
const STEP_MS = 2 * 60_000;

/** When the `index`th reading of a ledger was measured. */
export const timeAt = (index: number): number => FIRST_TIME + index * STEP_MS;
const indexOf = (time: number): number => (time - FIRST_TIME) / STEP_MS;

/** A reading whose values follow from its time, so that a mix-up shows. */
export interface SentReading {
  time: number;
  json: { timestamp: number; solarPower: number; batteryVoltage: number; totalEnergyProduced: number };
}

/** What a check of the store against a ledger found; empty lists are what it should be. */
export interface Difference {
  lost: number[];
  twice: number[];
  /** Stored, but nobody sent it, or with other values. */
  invented: number[];
}

/** Gives every reading of a source a time of its own, a step after the last, and remembers which were acknowledged. */
export class Ledger {
  private state = new Uint8Array(1 << 16);
  private count = 0;
  private acknowledgements = 0;

  reading(): SentReading {
    const index = this.count++;
    // What is ahead of the clock is acknowledged, and waits in quarantine: it would look lost.
    if (timeAt(index) > Date.now())
      throw new Error('The ledger has reached the present: send less, or in smaller steps.');
    if (index >= this.state.length) {
      const grown = new Uint8Array(this.state.length * 2);
      grown.set(this.state);
      this.state = grown;
    }
    this.state[index] = SENT;
    const time = timeAt(index);
    return { time, json: { timestamp: time, ...valuesAt(time) } };
  }

  acknowledge(time: number): void {
    const index = indexOf(time);
    if (this.state[index] !== ACKNOWLEDGED) this.acknowledgements++;
    this.state[index] = ACKNOWLEDGED;
  }

  get sent(): number {
    return this.count;
  }

  get acknowledged(): number {
    return this.acknowledgements;
  }

  /** Compares with what the store holds from the `from`th reading to the `to`th (exclusive). */
  compare(stored: readonly { time: number; solarPower: number }[], from = 0, to = this.count): Difference {
    const found = new Set<number>();
    const difference: Difference = { lost: [], twice: [], invented: [] };
    for (const { time, solarPower } of stored) {
      if (found.has(time)) difference.twice.push(time);
      found.add(time);
      const index = indexOf(time);
      const wasSent = Number.isInteger(index) && index >= 0 && index < this.count && this.state[index] !== 0;
      if (!wasSent || solarPower !== valuesAt(time).solarPower) difference.invented.push(time);
    }
    for (let i = from; i < to; i++)
      if (this.state[i] === ACKNOWLEDGED && !found.has(timeAt(i))) difference.lost.push(timeAt(i));
    return difference;
  }
}

function valuesAt(time: number) {
  const step = indexOf(time);
  return { solarPower: step % 5000, batteryVoltage: 48 + (step % 100) / 50, totalEnergyProduced: 1000 + step / 1000 };
}
