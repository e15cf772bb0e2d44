import { hashed } from '../../src/demo/noise.ts';

/** Repeatable chance: a failure is found again by its seed (`TEST_SEED`). */
export class Chance {
  private step = 0;

  constructor(readonly seed = Number(process.env.TEST_SEED) || Math.floor(Math.random() * 2 ** 31)) {}

  /** From 0 up to but not including 1. */
  next(): number {
    return Math.min(hashed(this.step++, this.seed), 1 - 2 ** -32);
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** One of several. */
  of<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)] as T;
  }

  /** True with this probability. */
  is(probability: number): boolean {
    return this.next() < probability;
  }
}
