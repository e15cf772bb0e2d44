import { expect, test } from 'bun:test';
import { type HistoryContext, readHistoryQuery } from '../../src/telemetry/history/history-query.ts';
import { buildChart } from '../../src/telemetry/history/history-view.ts';
import { summariseEnergy } from '../../src/telemetry/house/house.ts';
import { noEnergy } from '../../src/telemetry/house/house-energy.ts';
import { HistoryContent } from './history-content.tsx';

const now = Date.UTC(2026, 10, 21, 12);
const context: HistoryContext = { now, timeZone: 'Europe/Berlin', available: ['totalGridImport'], span: null };

/** What History shows of a source that reports a counter alone, of which so much is booked. */
function shown(importKwh: number | null, query: Record<string, string> = {}): string {
  const request = readHistoryQuery({ view: 'power', range: '2026-11-20', ...query }, context);
  const times = { times: [], bucketMs: 300_000, lines: [], range: request.range, now, timeZone: context.timeZone };
  const place = { latitude: 52, longitude: 13 };
  const model = buildChart({ ...times, isTogether: false, place, temperatureUnit: 'celsius', intervalMs: null });
  const energy = { ...summariseEnergy({ ...noEnergy, importKwh, coverage: 1 }, true), isExact: true };
  return String(<HistoryContent request={request} context={context} content={{ kind: 'lines', model, energy }} />);
}

test('a source of which counters alone tell has no lines of power, and leads to its bars', () => {
  const html = shown(4.2);
  expect(html).toContain('Counted, not measured as a power');
  expect(html).toContain('href="/history?view=energy&amp;range=2026-11"');
});

test('one that told nothing of the kind leads to what it does report', () => {
  expect(shown(null)).toContain('Choose shows everything that was.');
  expect(shown(4.2, { view: 'own' })).toContain('Choose what to show');
});
