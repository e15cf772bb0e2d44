import { expect, test } from 'bun:test';
import type { ModelCard } from '../../src/forecast/model-card.ts';
import { SeenPanelsCard } from './model-panels.tsx';

const card = (panels: ModelCard['panels']) => String(<SeenPanelsCard card={{ panels } as ModelCard} sourceId="roof" />);

test('how panels seem to lie stands on the Model page with its ranges, and leads to where it is stated', () => {
  const html = card({
    seenAt: 0,
    arrays: [{ tiltDeg: 33.9, azimuthDeg: 224.5, peakW: 5710 }],
    tiltDeg: { value: 33.9, low: 29.4, high: 38.4 },
    azimuthDeg: { value: 224.5, low: 218.8, high: 230.2 },
    peakW: { value: 5710, low: 5344, high: 6075 },
    confidence: 0.86,
    days: 30,
  });
  expect(html).toContain('34°, most likely 29° to 38°');
  expect(html).toContain('south-west (225°), most likely within 6° of it');
  expect(html).toContain('86 %, from 30 clear days');
  expect(html).toContain('<code>34 225 5.7</code>');
  expect(html).toContain('href="/sources/roof/edit"');
});

test('what cannot be seen yet is said, and nothing where it is stated or an older model did not ask', () => {
  expect(card({ seenAt: 0, problem: 'Only 3 clear days are in the history; 5 are needed.' })).toContain('Only 3 clear');
  expect(card(null)).toBe('');
  expect(card(undefined)).toBe('');
});
