import { expect, test } from 'bun:test';
import type { ModelCard, Trial } from '../model-card.ts';
import { trialWords } from './model-words.ts';

const score = { mae: 0, bias: 0, meanPinball: 0, coverage: 0, width: 0, days: 0, intervals: 0 };
const trial = {
  ...{ from: 0, to: 0, challenger: score, champion: null, verdict: 'physics' as const },
  baselines: { reference: 0, persistence: 0 },
};
const words = (change: Partial<Trial> = {}): string =>
  trialWords({ quantity: 'solar', trial: { ...trial, ...change } } as unknown as ModelCard);

test('a model that could not be tried is not said to have been off by nothing', () => {
  expect(words()).toBe('There was no measured day left to try it on: physics alone serves until there is.');
  const champion = { ...score, mae: 12, days: 3, intervals: 40 };
  expect(words({ champion, verdict: 'worse' })).toContain('the one that serves stays until there is');
  expect(words({ challenger: champion })).toContain('off by 12 W');
});
