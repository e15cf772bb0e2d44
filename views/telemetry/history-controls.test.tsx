import { expect, test } from 'bun:test';
import { type HistoryContext, readHistoryQuery } from '../../src/telemetry/history/history-query.ts';
import { HistoryControls } from './history-controls.tsx';

const context: HistoryContext = {
  now: Date.UTC(2026, 10, 21, 12),
  timeZone: 'Europe/Berlin',
  available: ['solarPower'],
  span: null,
};

function form(query: Record<string, string>): string {
  const request = readHistoryQuery(query, context);
  return String(HistoryControls({ request, context, scopes: [], correctUrl: null }));
}

test('a range that cannot be offers neither a table nor a file of it, nor the time beside it', () => {
  for (const query of [{ range: '2026-02-30' }, { from: '2026-11-21', to: '2026-11-20' }]) {
    const html = form(query);
    expect(html).not.toContain('CSV');
    expect(html).not.toContain('Table');
    expect(html).not.toContain('Zoom in');
    expect(html).toContain('24 h');
  }
  expect(form({ range: '24h' })).toContain('CSV');
});

test('a time that comes twice is asked which of the two, and shown as the one it was', () => {
  const twice = form({ from: '2026-10-25T02:30', to: '2026-10-25T12:00' });
  expect(twice).toContain('From, of the two');
  expect(twice).toContain('<option value="+02:00" selected="">the first, UTC+02:00</option>');
  expect(twice).toContain('<option value="+01:00">the second, UTC+01:00</option>');
  expect(twice).not.toContain('name="toOffset"');
  const second = form({ from: '2026-10-25T02:30', fromOffset: '+01:00', to: '2026-10-25T12:00' });
  expect(second).toContain('<option value="+01:00" selected="">');
  // The addresses on the page are moments, whatever a clock shows.
  expect(twice).toContain('from=2026-10-25T00:30:00Z');
  expect(second).toContain('from=2026-10-25T01:30:00Z');
  expect(form({ from: '2026-10-24T02:30', to: '2026-10-25T12:00' })).not.toContain('of the two');
});
