import { describe, expect, test } from 'bun:test';
import { STANDS_FOR_UNKNOWN } from '../../sources/refused-words.ts';
import { tellPowers } from '../power-oddities.ts';
import { doneAbout, noArrivals, type QualityDay } from './quality.ts';
import { readQualityPeriod } from './quality-query.ts';
import { viewQuality } from './quality-view.ts';
import { counterTitle, sharePercent, tellArrivals, tellQuality, tellSound } from './quality-words.ts';

const timeZone = 'Europe/Berlin';
/** Noon of 30 March in Berlin: the day before had 23 hours. */
const now = Date.UTC(2026, 2, 30, 10);
const HOUR = 3_600_000;
const MIN = 60_000;
const span = { from: Date.UTC(2026, 2, 28, 9), to: now };

const day = (key: string, change: Partial<QualityDay> = {}): QualityDay => ({
  ...{
    day: key,
    readings: 1440,
    coverage: 1,
    intervalMs: MIN,
    arrivals: noArrivals,
    refused: [],
    events: [],
    known: {},
  },
  ...change,
});
const view = (...days: QualityDay[]) => viewQuality(days, { timeZone, now, span });
const found = (...days: QualityDay[]) => tellArrivals(view(...days)).map(({ title, found }) => [title, found]);

describe('which days are shown', () => {
  const read = (month?: string) =>
    readQualityPeriod(month, { now, timeZone, span: { ...span, from: Date.UTC(2026, 0, 9) } });

  test('are the last thirty, today with them, and lead to the month before', () => {
    expect(read()).toEqual({
      ...{ key: 'recent', title: 'The last 30 days', earlier: '2026-02', later: null, problem: null },
      range: { from: Date.UTC(2026, 1, 28, 23), to: Date.UTC(2026, 2, 30, 22) },
    });
  });

  test('are those of a month of the source’s zone, this month to the end of today', () => {
    expect(read('2026-02')).toMatchObject({
      key: '2026-02',
      title: 'February 2026',
      earlier: '2026-01',
      later: '2026-03',
    });
    expect(read('2026-02').range).toEqual({ from: Date.UTC(2026, 0, 31, 23), to: Date.UTC(2026, 1, 28, 23) });
    expect(read('2026-03')).toMatchObject({ earlier: '2026-02', later: null });
    expect(read('2026-03').range.to).toBe(Date.UTC(2026, 2, 30, 22));
    expect(read('2026-01').earlier).toBeNull();
  });

  test('are not silently others when the month of the address cannot be', () => {
    for (const month of ['2026-13', '2026', 'x', '2026-03-01', '2026-00'])
      expect(read(month).problem).toBe(`“${month}” is no month of the calendar.`);
    for (const month of ['2026-04', '2027-01', '9999-12'])
      expect(read(month).problem).toBe(`“${month}” has not begun yet.`);
    expect(read('1999-01').problem).toBe('Nothing is kept from before 2010.');
    expect(read('x'.repeat(500)).problem).toBe(`“${'x'.repeat(40)}” is no month of the calendar.`);
    for (const month of ['2026-02', '2026-03', '']) expect(read(month).problem).toBeNull();
  });
});

describe('days added up', () => {
  test('weigh as long as they are, and count from the first reading on', () => {
    const all = view(
      day('2026-03-27', { readings: 0, coverage: 0, intervalMs: null }),
      day('2026-03-28'),
      day('2026-03-29', { coverage: 0, readings: 0, intervalMs: null }),
      day('2026-03-30', { intervalMs: 10_000 }),
    );
    expect(all.days.map((one) => one.isExpected)).toEqual([false, true, true, true]);
    // 14 hours from the first reading, 23 missing, 12 of today.
    expect(all.coverage).toBeCloseTo((14 + 12) / (14 + 23 + 12), 10);
    expect(all).toMatchObject({ daysWithGaps: 1, daysSilent: 1, intervalMs: 10_000, readings: 2880 });
    expect(tellQuality(all)).toBe(
      'Measured 53\u00a0% of the time since the first reading, at last about every 10 s. 1 day has gaps, and nothing was heard on it.',
    );
  });

  test('miss a source that never comes back, on every day since', () => {
    const none = { readings: 0, coverage: 0, intervalMs: null };
    const gone = viewQuality([day('2026-03-28'), day('2026-03-29', none), day('2026-03-30', none)], {
      ...{ timeZone, now, span: { from: span.from - 30 * 24 * HOUR, to: Date.UTC(2026, 2, 28, 22, 59) } },
    });
    expect(gone.days.map((one) => one.isExpected)).toEqual([true, true, true]);
    expect(gone).toMatchObject({ daysWithGaps: 2, daysSilent: 2 });
    expect(gone.coverage).toBeLessThan(0.5);
  });

  test('miss nothing of the day of the first reading before it', () => {
    // Measured from 10:00 to midnight, which is 14 of 24 hours.
    const first = view(day('2026-03-28', { coverage: 14 / 24 }));
    expect(first).toMatchObject({ daysWithGaps: 0, coverage: 1 });
    // The day itself is told as the totals tell it.
    expect(first.days[0]?.coverage).toBe(14 / 24);
    const half = view(day('2026-03-28', { coverage: 7 / 24 }));
    expect(half).toMatchObject({ daysWithGaps: 1 });
    expect(half.coverage).toBeCloseTo(0.5, 10);
  });

  test('say of the very first minutes that measuring has just begun', () => {
    const begun = viewQuality([day('2026-03-30', { coverage: 0, readings: 3, intervalMs: null })], {
      ...{ timeZone, now, span: { from: now - 1000, to: now - 1000 } },
    });
    expect(begun).toMatchObject({ daysWithGaps: 0, coverage: null });
    expect(tellQuality(begun)).toBe('Measuring has just begun.');
  });

  test('expect nothing of a day that has begun before the next reading is due', () => {
    const days = [day('2026-03-29'), day('2026-03-30', { readings: 0, coverage: 0, intervalMs: null })];
    const midnight = Date.UTC(2026, 2, 29, 22);
    const at = (now: number) =>
      viewQuality(days, { timeZone, now, span: { from: span.from, to: midnight - 20_000 } }).daysWithGaps;
    expect(at(midnight + 40_000)).toBe(0);
    expect(at(midnight + HOUR)).toBe(1);
  });

  test('say so when there are no gaps, or nothing at all', () => {
    expect(tellQuality(view(day('2026-03-29')))).toBe('Measured all the time, at last about every 1 min.');
    expect(tellQuality(view(day('2026-03-01', { readings: 0, coverage: 0, intervalMs: null })))).toBe(
      'Nothing was measured on these days.',
    );
  });

  test('tell no rhythm from messages that came at once', () => {
    const text = tellQuality(view(day('2026-03-29', { coverage: 0.4, readings: 2, intervalMs: 4 })));
    expect(text).toBe('Measured 40\u00a0% of the time. 1 day has gaps.');
  });

  test('never say 100 % while something is missing', () => {
    expect([1, 0.9996, 0.985, 0.5, 0].map(sharePercent)).toEqual(['100', '99.9', '98.5', '50', '0']);
  });
});

describe('what was odd', () => {
  test('is told with what was done about it', () => {
    const arrivals = { ...noArrivals, again: 12, late: 5, lateMs: 10 * HOUR, latestMs: 4 * HOUR, timed: 95 };
    const times = { delayMs: 95 * 40_000, leastDelayMs: -1000, mostDelayMs: 90_000 };
    const one = day('2026-03-29', {
      ...{ coverage: 0.5, arrivals: { ...arrivals, ...times } },
      refused: [
        { reason: 'stateOfCharge must lie between 0 and 100 %', values: 2 },
        { reason: 'is no reading', values: 1 },
        { reason: 'timestamp is more than 5 minutes in the future', values: 1 },
      ],
    });
    expect(found(one)).toEqual([
      ['Gaps', '1 day; 50\u00a0% of the time is missing.'],
      ['Came again', '12 readings that had been stored before.'],
      ['Came late', '5 readings (5\u00a0%) more than 5 min after their time, 2 h on average, 4 h at most.'],
      [
        'Clock of the device',
        '40 s behind ours on average, or its messages take that long (from 1 s ahead to 2 min behind).',
      ],
      ['Left out', '2 values: State of charge must lie between 0 and 100 %.'],
      ['Left out', '1 message: The message is no reading.'],
      ['Left out', '1 reading: Timestamp is more than 5 minutes in the future.'],
    ]);
    for (const { done } of tellArrivals(view(one))) expect(done).not.toBe('');
    expect(tellSound(view(one))).toEqual(['No counter did anything odd.']);
  });

  test('is told of values that are missing while others come, of today up to now', () => {
    // On the 30th ten hours are over in UTC, twelve in Berlin: of half of them nothing was said of the sun.
    const known = { solar: 1, import: 1, export: 1 };
    const half = { solar: 0.5, import: 1, export: 1 };
    expect(found(day('2026-03-29', { known }), day('2026-03-30', { known: half }))).toEqual([
      ['Values missing', 'What the sun gave: 6 h on 1 day in which other values came.'],
    ]);
    // Nothing was expected before it first was known; both ways of the grid are one line.
    const later = [day('2026-03-28'), day('2026-03-29', { known }), day('2026-03-30', { known: { solar: 1 } })];
    expect(found(...later)).toEqual([
      ['Values missing', 'What was bought and was sold: 12 h on 1 day in which other values came.'],
    ]);
  });

  test('is told of a clock that runs ahead, and not of one that is in step', () => {
    const clock = (delayMs: number) =>
      day('2026-03-29', {
        arrivals: { ...noArrivals, timed: 10, delayMs: 10 * delayMs, leastDelayMs: delayMs, mostDelayMs: delayMs },
      });
    expect(found(clock(-90_000))[0]?.[1]).toStartWith('2 min ahead of ours on average');
    expect(found(clock(800))).toEqual([]);
    expect(tellSound(view(clock(800))).at(-1)).toBe('The clock of the device is in step with ours.');
    expect(tellSound(view(day('2026-03-29'))).at(-1)).toStartWith('No reading that came live had a time of its own');
  });

  test('powers that were left out of energy are told, with the correction that takes them out of charts', () => {
    const at = Date.UTC(2026, 2, 29, 10);
    const event = { metric: 'solarPower', times: 3, before: 12_000, kwh: 0, done: doneAbout('wild') };
    const events = [
      { ...event, time: at, kind: 'wild' as const, after: 40_000 },
      { ...event, time: at + 20 * HOUR, kind: 'wild' as const, after: 100_000, times: 1 },
    ];
    const all = view(day('2026-03-29', { events }));
    expect(all.counters).toEqual([]);
    // They are no doing of a counter.
    expect(all.days.map(({ leftOut, counted }) => [leftOut, counted])).toEqual([[4, 0]]);
    const [told] = tellPowers(all, { id: 's1', timeZone });
    expect(told?.title).toBe('Solar power: wild');
    expect(told?.found.replaceAll('\u00a0', ' ')).toBe(
      '4 wild powers left out, the newest Mon 30 Mar, 08:00: 100,000 W, where up to 12,000 W are believed of a single value.',
    );
    expect(told?.url).toBe(
      '/sources/s1/corrections/new?kind=remove&metric=solarPower&from=2026-03-29T10:00:00.000Z&to=2026-03-30T10:00:00.000Z&above=12000',
    );
    expect(tellSound(all)).not.toContainEqual(expect.stringContaining('nothing had to be left out'));
  });

  test('numbers that stand for “unknown” are told as removed', () => {
    const refused = [{ reason: `gridPower ${STANDS_FOR_UNKNOWN}`, values: 12 }];
    const [told] = tellArrivals(view(day('2026-03-29', { refused })));
    expect(told).toEqual({
      title: 'Showed “unknown”',
      found: '12 values: Grid power showed the end of a register, which stands for “unknown”.',
      done: 'Removed: not stored, shown or counted as energy. What was good in the same message was kept.',
    });
  });

  test('names a few reasons and counts the rest', () => {
    const refused = Array.from({ length: 9 }, (_, i) => ({ reason: `reason ${i}`, values: 10 - i }));
    const told = found(day('2026-03-29', { refused }));
    expect(told).toHaveLength(7);
    expect(told.at(-1)).toEqual(['Left out', '9 values for other reasons.']);
  });

  test('adds up what each counter did in one way, the newest first', () => {
    const event = (kind: 'reset' | 'zero', time: number, times = 1) => ({
      ...{ kind, time, times, metric: 'totalGridImport', before: 10, after: 0, kwh: 0.25, done: 'done' },
    });
    const { counters } = view(
      day('2026-03-28', { events: [event('zero', span.from, 3), event('reset', span.from + HOUR)] }),
      day('2026-03-29', { events: [event('zero', span.from + 30 * HOUR, 2)] }),
    );
    expect(counters.map(({ kind, times, kwh }) => [counterTitle(kind), times, kwh])).toEqual([
      ['Showed zero', 5, 0.5],
      ['Began anew', 1, 0.25],
    ]);
  });
});

describe('an inverter that sleeps by night', () => {
  const place = { latitude: 52.5, longitude: 13.4 };
  // On 26 March the sun is up for twelve and a half hours there.
  const asleep = (date: string, coverage: number, known: QualityDay['known'] = { solar: coverage }) =>
    day(date, { coverage, known });
  const dates = ['2026-03-24', '2026-03-25', '2026-03-26'];
  const viewOf = (...days: QualityDay[]) =>
    viewQuality(days, { timeZone, now, span: { ...span, from: Date.UTC(2026, 2, 20) }, place });

  test('has no gaps where it was heard all day', () => {
    const told = viewOf(...dates.map((date) => asleep(date, 0.5)));
    expect(told).toMatchObject({ daysWithGaps: 0, daysResting: 3 });
    expect(tellQuality(told)).toContain('Measured all day');
    expect(tellQuality(told)).toEndWith('By night it sleeps, which is no gap.');
    expect(tellArrivals(told).map(({ title }) => title)).not.toContain('Gaps');
  });

  test('has one on the day on which it was silent for hours of sun', () => {
    const told = viewOf(...dates.map((date, i) => asleep(date, i === 1 ? 0.4 : 0.5)));
    expect(told).toMatchObject({ daysWithGaps: 1, daysResting: 2 });
    expect(tellArrivals(told)[0]?.found).toEndWith('is missing, the nights in which it sleeps with it.');
  });

  test('is none that tells of the house, too', () => {
    const told = viewOf(...dates.map((date) => asleep(date, 0.5, { solar: 0.5, load: 0.5 })));
    expect(told).toMatchObject({ daysWithGaps: 3, daysResting: 0 });
  });
});
