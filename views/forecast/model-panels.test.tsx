import { expect, test } from 'bun:test';
import type { ModelView } from '../../src/forecast/forecast-view.ts';
import type { ModelCard } from '../../src/forecast/model-card.ts';
import { lastSeen } from '../../src/forecast/pages/panel-words.ts';
import type { SeenPanels } from '../../src/forecast/train/seen-panels.ts';
import { SeenPanelsCard } from './model-panels.tsx';

const card = (panels: SeenPanels) => String(<SeenPanelsCard panels={panels} sourceId="roof" />);

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

test('what cannot be seen yet is said', () => {
  expect(card({ seenAt: 0, problem: 'Only 3 clear days are in the history; 5 are needed.' })).toContain('Only 3 clear');
});

test('what the newest training saw counts, whether its model serves or not', () => {
  const made = (madeAt: number, panels?: ModelCard['panels']) => ({ madeAt, card: { panels } }) as ModelView;
  const seen = { seenAt: 2, problem: 'too little' };
  expect(lastSeen({ serving: made(1), others: [made(2, seen)] })).toBe(seen);
  expect(lastSeen({ serving: made(3, null), others: [made(2, seen)] })).toBeNull();
  expect(lastSeen({ serving: null, others: [made(2, seen)] })).toBe(seen);
  expect(lastSeen({ serving: made(1), others: [] })).toBeNull();
});
