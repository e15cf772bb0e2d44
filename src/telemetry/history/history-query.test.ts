import { describe, expect, test } from 'bun:test';
import { dayKey, localDayOf, startOfLocalDay } from '../../core/zone.ts';
import { lineKey } from './history-lines.ts';
import { historyUrl, otherScopes, readHistoryQuery } from './history-query.ts';
import { calendarKey, historySteps } from './history-steps.ts';

const now = Date.UTC(2026, 10, 21, 12);
const context = {
  now,
  timeZone: 'Europe/Lisbon',
  available: ['solarPower', 'loadPower', 'batteryVoltage', 'operatingMode'] as const,
  span: { from: Date.UTC(2025, 0, 1), to: now },
};
const HOUR = 3_600_000;

describe('what History is asked for', () => {
  test('is the power of the last 24 hours when nothing is said', () => {
    const request = readHistoryQuery({}, context);
    expect(request).toMatchObject({ look: 'power', rangeName: '24h', scope: 'house', isTable: false });
    expect(request.lines.map(lineKey)).toEqual(['solarPower', 'loadPower']);
    expect(request.range).toEqual({ from: now - 24 * HOUR, to: now });
  });

  test('is never nonsense, whatever the address says', () => {
    const query = {
      view: 'x',
      range: '-1',
      metrics: 'solarPower,__proto__,operatingMode',
    };
    expect(readHistoryQuery(query, context)).toMatchObject({ look: 'power', rangeName: '24h' });
    expect(readHistoryQuery({ ...query, view: 'own' }, context).lines.map(lineKey)).toEqual(['solarPower']);
  });

  test('is not silently another range when the chosen one cannot be', () => {
    const request = readHistoryQuery({ from: '2026-11-21', to: '2026-11-20' }, context);
    expect(request.problem).toMatchObject({ field: 'to', typed: { from: '2026-11-21', to: '2026-11-20' } });
    expect(readHistoryQuery({}, context).problem).toBeNull();
    for (const range of ['2026-02-30', '2027', '1999', '-1', '25h'])
      expect(readHistoryQuery({ range }, context).problem).toMatchObject({
        field: 'range',
        typed: { from: '', to: '' },
      });
    expect(readHistoryQuery({ range: '2027' }, context).problem?.message).toBe('“2027” has not begun yet.');
    for (const range of ['', '24h', 'all', 'year', '2026-11'])
      expect(readHistoryQuery({ range }, context).problem).toBeNull();
    // Two moments say it more exactly.
    expect(readHistoryQuery({ range: 'x', from: '2026-11-20', to: '2026-11-21' }, context).problem).toBeNull();
  });

  test('is not silently the power when the view of the address is none', () => {
    expect(readHistoryQuery({ view: 'water' }, context).problem).toMatchObject({
      field: 'view',
      message: '“water” is no view of History.',
    });
    expect(readHistoryQuery({ view: 'x'.repeat(500) }, context).problem?.message.length).toBeLessThan(100);
    // What is wrong with the time is said first.
    expect(readHistoryQuery({ view: 'water', range: '2027' }, context).problem?.field).toBe('range');
    for (const view of ['', 'power', 'battery', 'energy', 'own'])
      expect(readHistoryQuery({ view }, context).problem).toBeNull();
  });

  test('dates without a zone are those of the source, with one they are what they say', () => {
    const local = readHistoryQuery({ from: '2026-07-01', to: '2026-07-02' }, context);
    expect(local.range).toEqual({ from: Date.UTC(2026, 5, 30, 23), to: Date.UTC(2026, 6, 1, 23) });
    const exact = readHistoryQuery({ from: '2026-07-01T00:00:00Z', to: '2026-07-01T06:00:00+02:00' }, context);
    expect(exact.range).toEqual({ from: Date.UTC(2026, 6, 1), to: Date.UTC(2026, 6, 1, 4) });
  });

  test('bars hold whole days of the zone, the day of a clock change included', () => {
    const request = readHistoryQuery({ view: 'energy', from: '2026-10-25T10:00', to: '2026-10-25T12:00' }, context);
    expect((request.range.to - request.range.from) / HOUR).toBe(25);
    expect(readHistoryQuery({ view: 'energy', range: 'year' }, context).period).toBe('month');
  });

  test('bars hold whole months where they are months, so that their sum is that of the time that is named', () => {
    const request = readHistoryQuery({ view: 'energy', from: '2026-01-15', to: '2026-06-10' }, context);
    expect(request).toMatchObject({
      period: 'month',
      range: { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 5, 30, 23) },
    });
    const again = new URL(historyUrl(request), 'http://x').searchParams;
    expect(readHistoryQuery(Object.fromEntries(again), context)).toEqual(request);
  });

  test('bars of all there is begin with the first reading and end with today, in whole days or months', () => {
    const bars = (from: number) =>
      readHistoryQuery({ view: 'energy', range: 'all' }, { ...context, span: { from, to: context.now } });
    const tomorrow = startOfLocalDay(localDayOf(context.now, context.timeZone) + 1, context.timeZone);
    const old = bars(context.now - 500 * 24 * HOUR);
    expect(old.period).toBe('month');
    expect(dayKey(localDayOf(old.range.from, context.timeZone))).toEndWith('-01');
    expect(context.now - 500 * 24 * HOUR - old.range.from).toBeWithin(0, 31 * 24 * HOUR);
    expect(old.range.to).toBe(tomorrow);
    const young = bars(context.now - 10 * 24 * HOUR);
    expect(young.period).toBe('day');
    expect(Math.round((young.range.to - young.range.from) / (24 * HOUR))).toBe(11);
    expect(bars(context.now - 2000 * 24 * HOUR).period).toBe('year');
  });

  test('an address made of a request reads back as the same request', () => {
    for (const query of [
      { view: 'battery', range: '7d' },
      { view: 'own', metrics: 'loadPower,batteryVoltage', from: '2026-11-01T10:00:00Z', to: '2026-11-02T10:00:00Z' },
      { view: 'energy', range: 'year', as: 'table', show: 'source:abc' },
    ]) {
      const request = readHistoryQuery(query, context);
      const url = new URL(historyUrl(request), 'http://x');
      expect(readHistoryQuery(Object.fromEntries(url.searchParams), context)).toEqual(request);
    }
  });

  test('lines of other sources and groups stand beside those of what is shown, each once', () => {
    const others = new Map([['source:garage', ['solarPower', 'inverterTemperature'] as const]]);
    const query = {
      view: 'own',
      of: 'source:garage',
      metrics: 'solarPower,solarPower@house,solarPower@source:garage,loadPower@source:garage,solarPower@source:none',
    };
    const request = readHistoryQuery(query, { ...context, others });
    expect(request.lines.map(lineKey)).toEqual(['solarPower', 'solarPower@source:garage']);
    expect(request.offered).toBe('source:garage');
    expect(otherScopes(query)).toEqual(['source:garage', 'source:none']);
    expect(otherScopes({ ...query, view: 'power' })).toEqual([]);
    const url = historyUrl(request, { axes: 'apart' });
    expect(url).toContain('metrics=solarPower,solarPower@source:garage&of=source:garage&axes=apart');
    const again = Object.fromEntries(new URL(url, 'http://x').searchParams);
    expect(readHistoryQuery(again, { ...context, others })).toEqual({ ...request, axes: 'apart', leftOut: [] });
    expect(historyUrl(request, { axes: 'against' })).toContain('axes=against');
    expect(historyUrl(request)).not.toContain('axes=');
  });

  test('keeps what was asked for while it is being looked up whether it is there', () => {
    const query = { view: 'own', metrics: 'batteryVoltage,solarPower@source:garage' };
    const early = readHistoryQuery(query, { ...context, available: [], isLookingUp: true });
    expect(early.lines.map(lineKey)).toEqual(['batteryVoltage', 'solarPower@source:garage']);
  });

  test('says what of an address is not drawn', () => {
    const others = new Map([['source:roof', ['solarPower'] as const]]);
    const { lines, leftOut } = readHistoryQuery(
      {
        view: 'own',
        metrics: 'solarPower,gridPower,solarPower@source:roof,batteryPower@source:roof,operatingMode,made up,gridPower',
      },
      { ...context, others },
    );
    expect(lines.map(lineKey)).toEqual(['solarPower', 'solarPower@source:roof']);
    expect(leftOut).toEqual(['Grid power', 'Battery power', 'Operating mode', 'made up']);
    expect(readHistoryQuery({ view: 'own', metrics: 'solarPower,solarPower' }, context).leftOut).toEqual([]);
    expect(readHistoryQuery({ metrics: 'made up' }, context).leftOut).toEqual([]);
  });

  test('takes eight lines at most', () => {
    const metrics = Array.from({ length: 20 }, (_, i) => `solarPower@source:${i}`).join(',');
    expect(readHistoryQuery({ view: 'own', metrics }, { ...context, isLookingUp: true }).lines).toHaveLength(8);
  });

  test('days, months and years of the calendar are those of the zone, and this one ends with today', () => {
    const read = (range: string, view = 'power') => readHistoryQuery({ range, view }, context);
    expect(read('2026-10-25')).toMatchObject({ rangeName: 'period', periodKey: '2026-10-25' });
    expect((read('2026-10-25').range.to - read('2026-10-25').range.from) / HOUR).toBe(25);
    expect(read('2026-11').range).toEqual({ from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 22) });
    expect(read('2025', 'energy')).toMatchObject({ period: 'month', periodKey: '2025' });
    for (const nonsense of ['2026-12', '2026-02-30', '1999']) expect(read(nonsense).rangeName).toBe('24h');
    const request = read('2026-10');
    const url = new URL(historyUrl(request), 'http://x');
    expect(readHistoryQuery(Object.fromEntries(url.searchParams), context)).toEqual(request);
    expect(historySteps(request, context)).toMatchObject({
      earlier: '/history?view=power&range=2026-09',
      later: '/history?view=power&range=2026-11',
    });
    expect(historySteps(read('2026-11'), context).later).toBeNull();
    expect(historySteps(read('2025-01'), context).earlier).toBeNull();
    expect(historySteps(request, context).closer).toContain('from=2026-10-');
  });

  test('the day, month or year that shows the end of what is shown', () => {
    const past = readHistoryQuery({ from: '2026-03-05T10:00', to: '2026-04-02T10:00' }, context);
    expect((['day', 'month', 'year'] as const).map((kind) => calendarKey(kind, past, context))).toEqual([
      '2026-04-02',
      '2026-04',
      '2026',
    ]);
    expect(calendarKey('day', readHistoryQuery({}, context), context)).toBe('2026-11-21');
  });

  test('zooming out and moving stop at now', () => {
    for (const query of [{}, { range: '7d' }, { from: '2026-11-21', to: '2026-11-22' }, { view: 'energy' }]) {
      let request = readHistoryQuery(query, context);
      for (let i = 0; i < 8; i++) {
        const { wider } = historySteps(request, context);
        if (!wider) break;
        request = readHistoryQuery(Object.fromEntries(new URL(wider, 'http://x').searchParams), context);
        const limit = request.look === 'energy' ? Date.UTC(2026, 10, 22) : now;
        expect(request.range.to).toBeLessThanOrEqual(limit);
        expect(request.problem).toBeNull();
      }
      expect(historySteps(request, context).later).toBeNull();
    }
  });

  test('zooming out ends at all that can be kept', () => {
    const widest = readHistoryQuery({ from: '2010-01-01', to: '2026-11-21' }, context);
    expect(historySteps(widest, context).wider).toBeNull();
  });

  test('one cannot go on into the future, nor before the first reading', () => {
    const newest = readHistoryQuery({}, context);
    expect(historySteps(newest, context).later).toBeNull();
    expect(historySteps(newest, context).earlier).toContain('from=2026-11-20T00:00:00Z');
    const first = readHistoryQuery({ from: '2024-12-31T00:00Z', to: '2025-01-02T00:00Z' }, context);
    expect(historySteps(first, context).earlier).toBeNull();
  });
});
