import { expect, test } from 'bun:test';
import { type HistoryContext, readHistoryQuery } from '../../src/telemetry/history/history-query.ts';
import { History } from './history.tsx';

const now = Date.UTC(2026, 10, 21, 12);
const context: HistoryContext = { now, timeZone: 'Europe/Berlin', available: ['solarPower'], span: null };

test('a chart that takes longer is loaded by the address that was asked for, so that it says what it leaves out', () => {
  const query = { view: 'own', metrics: 'solarPower,gridPower', range: '7d' };
  const request = readHistoryQuery(query, context);
  expect(request.leftOut).toEqual(['Grid power']);
  const askedUrl = `/history?${new URLSearchParams(query)}`;
  const props = { request, context, scopes: [], correctUrl: null, content: null, askedUrl };
  expect(String(<History {...props} />)).toContain(
    'data-load="/history?view=own&amp;metrics=solarPower%2CgridPower&amp;range=7d"',
  );
});
