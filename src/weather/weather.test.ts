import { describe, expect, test } from 'bun:test';
import { days, hours, minutes } from '../core/durations.ts';
import { ada, bob, olga } from '../testing/sources.ts';
import { refusal, WeatherBench } from '../testing/weather.ts';
import { DAY_MS, HOUR_MS } from './hours.ts';

/** 2026-06-21 10:00 UTC, when the clock of the tests stands. */
const start = Date.UTC(2026, 5, 21, 10);
const today = { from: Date.UTC(2026, 5, 20, 22), to: Date.UTC(2026, 5, 21, 22) };

const rows = (bench: WeatherBench, table: string): number =>
  bench.sources.db.query<{ count: number }, []>(`SELECT count(*) AS count FROM ${table}`).get()?.count ?? -1;

/** Tries to reach the service, whatever came of them. */
const questions = (bench: WeatherBench): number =>
  (bench.weather.metrics?.() ?? [])
    .filter((sample) => sample.name === 'ampra_weather_questions_total')
    .reduce((sum, sample) => sum + sample.value, 0);

describe('fetching', () => {
  test('asks once for all sources at one place, and each has its own days', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place();
    const garage = await bench.place(ada, { name: 'Garage', latitude: 52.5243, longitude: 13.3961 });
    await bench.settle();
    expect(bench.server.askedOf('/v1/forecast').length).toBe(1);
    for (const source of [roof, garage]) {
      const [day] = bench.weather.reader.daily(source.id, today);
      expect(day).toMatchObject({ date: '2026-06-21', hoursKnown: 24, origin: 'forecast', fetchedAt: start });
      expect(day?.shortwaveSumMjM2).toBeGreaterThan(1);
    }
  });

  test('asks once for two owners at one place, and neither can tell from the weather that the other is there', async () => {
    await using bench = await WeatherBench.start();
    await bench.place(ada);
    await bench.settle();
    await bench.later(minutes(30));
    const hers = await bench.place(bob, { latitude: 52.519, longitude: 13.404 });
    // Not answered yet: nothing of what Ada has is shown.
    expect(bench.weather.reader.state(hers.id)?.fetchedAt).toBeNull();
    expect(bench.weather.reader.daily(hers.id, today)[0]?.hoursKnown).toBe(0);
    await bench.settle();
    expect(bench.weather.reader.state(hers.id)?.fetchedAt).toBe(start + minutes(30));
    const before = bench.server.asked.length;
    await bench.later(hours(2));
    expect(bench.server.asked.length).toBe(before + 1);
  });

  test('keeps one row for a source and a date, the newest', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    const count = rows(bench, 'weather_days');
    await bench.later(hours(2));
    expect(rows(bench, 'weather_days')).toBe(count);
    expect(bench.weather.reader.daily(source.id, today)[0]?.fetchedAt).toBe(start + hours(2));
  });

  test('comes by each hour by day, three-hourly at night, and not for those who want it by hand', async () => {
    await using bench = await WeatherBench.start();
    await bench.place();
    await bench.settle();
    const asked = () => bench.server.askedOf('/v1/forecast').length;
    await bench.later(minutes(30));
    expect(asked()).toBe(1);
    await bench.later(minutes(30));
    expect(asked()).toBe(2);
    // 23:00 UTC: night in Berlin, four hours of it.
    bench.clock.set(start + hours(13));
    await bench.later(0);
    const atNight = asked();
    for (let i = 0; i < 3; i++) await bench.later(hours(1));
    expect(asked()).toBe(atNight + 1);
    bench.manual.add('ada');
    await bench.later(days(1));
    expect(asked()).toBe(atNight + 1);
  });

  test('asks for the days that were missed while there was no internet', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    bench.clock.advance(days(9));
    bench.manual.delete('ada');
    await bench.later(0);
    expect(bench.server.asked.at(-1)?.searchParams.get('past_days')).toBe('10');
    const missed = bench.weather.reader.hourly(source.id, { from: start, to: start + days(9) });
    expect(missed.origins.every((origin) => origin === 'recent')).toBe(true);
  });

  test('keeps what is known when the service fails, says why, and tries again sooner than the schedule', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    bench.server.next.push(() => refusal('Out of order', 400));
    await bench.later(hours(2));
    const state = bench.weather.reader.state(source.id);
    expect(state).toMatchObject({ fetchedAt: start, age: 'fresh', triedAt: start + hours(2) });
    expect(state?.trouble?.message).toContain('Out of order');
    expect(state?.nextTryAt).toBeLessThanOrEqual(start + hours(2) + minutes(5));
    bench.clock.set(state?.nextTryAt ?? 0);
    await bench.settle();
    expect(bench.weather.reader.state(source.id)).toMatchObject({ trouble: null, fetchedAt: state?.nextTryAt });
  });

  test('without internet nothing is broken: the state tells, and days grow old', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    bench.server.stop();
    await bench.later(days(3));
    const state = bench.weather.reader.state(source.id);
    expect(state).toMatchObject({ age: 'stale', trouble: { kind: 'unreachable' } });
    // The forecast of three days ago still speaks of today, and says when it was told.
    const hourly = bench.weather.reader.hourly(source.id, { from: start + days(3), to: start + days(3) + hours(1) });
    expect(hourly).toMatchObject({ origins: ['forecast'], fetchedAt: [start] });
    const far = bench.weather.reader.daily(source.id, { from: start + days(10), to: start + days(10) + 1 });
    expect(far[0]?.hoursKnown).toBe(0);
    expect(far[0]?.sunrise).not.toBeNull();
    expect(bench.weather.health?.() ?? []).toEqual([]);
  });

  test('asks nobody else once the service said that it was too often', async () => {
    await using bench = await WeatherBench.start();
    bench.server.next.push(() => refusal('Hourly API request limit exceeded. Please try again in the next hour.', 429));
    const first = await bench.place();
    const second = await bench.place(bob, { latitude: 40, longitude: 3 });
    await bench.settle();
    expect(bench.server.asked.length).toBe(1);
    const again = bench.weather.refresher.refreshNow(bob, second.id);
    expect(again.ok ? null : again.error).toMatchObject({ code: 'rate_limited', retryAfterS: 3600 });
    await bench.later(hours(1));
    for (const source of [first, second]) expect(bench.weather.reader.state(source.id)?.age).toBe('fresh');
  });
});

describe('permission', () => {
  test('nothing is ever asked before an Overseer said so, nor after the word was taken back', async () => {
    await using bench = await WeatherBench.start('ask', 'weather.invalid');
    const source = await bench.place();
    await bench.later(hours(2));
    const asked = bench.weather.refresher.refreshNow(ada, source.id);
    expect(asked.ok ? null : asked.error).toMatchObject({ code: 'conflict' });
    expect(bench.weather.reader.state(source.id)?.access).toBe('undecided');
    expect(questions(bench)).toBe(0);

    expect(bench.weather.permission.decide(ada, true).ok).toBe(false);
    expect(bench.weather.permission.access()).toBe('undecided');
    expect(bench.weather.permission.decide(olga, false).ok).toBe(true);
    expect(bench.weather.permission.access()).toBe('declined');
    expect(bench.audit).toMatchObject([{ actor: { userId: 'olga' }, action: 'weather.internet' }]);
    await bench.later(hours(2));
    expect(questions(bench)).toBe(0);
  });

  test('once given, asks soon', async () => {
    await using bench = await WeatherBench.start('ask', 'weather.invalid');
    expect(bench.weather.permission.decide(olga, true).ok).toBe(true);
    expect(bench.sources.jobs.list().map((job) => job.kind)).toContain('weather.refresh');
    expect(bench.weather.permission.access()).toBe('allowed');
  });

  test('is not asked for a server in the house, and never given where the configuration says off', async () => {
    await using house = await WeatherBench.start('ask');
    expect(house.weather.permission.access()).toBe('allowed');
    expect(house.weather.permission.decide(olga, false)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await using off = await WeatherBench.start('off');
    await off.place();
    await off.later(hours(2));
    expect(off.weather.permission.decide(olga, true).ok).toBe(false);
    expect(questions(off)).toBe(0);
  });
});

describe('asking by hand', () => {
  test('is for the owner and the Overseer; for others the source is not there', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    bench.clock.advance(hours(1));
    const denied = bench.weather.refresher.refreshNow(bob, source.id);
    expect(denied.ok ? null : denied.error.code).toBe('not_found');
    expect(bench.weather.refresher.refreshNow(ada, source.id).ok).toBe(true);
    expect(bench.weather.reader.state(source.id)?.isAsking).toBe(true);
    await bench.settle();
    expect(bench.weather.reader.state(source.id)).toMatchObject({ isAsking: false, fetchedAt: start + hours(1) });
    expect(bench.weather.refresher.refreshNow(olga, source.id).ok).toBe(true);
  });

  test('may be done twice at once and then each five minutes', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    const ask = () => bench.weather.refresher.refreshNow(ada, source.id);
    expect([ask().ok, ask().ok]).toEqual([true, true]);
    const third = ask();
    expect(third.ok ? null : third.error).toMatchObject({ code: 'rate_limited', retryAfterS: 300 });
    expect(third.ok ? '' : third.error.hint).toBe('Ask again in 5 min.');
    bench.clock.advance(minutes(5));
    expect(ask().ok).toBe(true);
    await bench.settle();
  });

  test('works for those who do not want it by itself', async () => {
    await using bench = await WeatherBench.start();
    bench.manual.add('ada');
    const source = await bench.place();
    await bench.settle();
    expect(bench.server.asked).toEqual([]);
    bench.weather.refresher.refreshNow(ada, source.id);
    await bench.settle();
    expect(bench.weather.reader.state(source.id)).toMatchObject({ age: 'fresh', isAutomatic: false, nextTryAt: null });
  });
});

describe('what was known when', () => {
  test('a forecast can be called back as it was told, whatever came after', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    const { reader } = bench.weather;
    const range = { from: start + hours(24), to: start + hours(48) };
    const first = reader.hourly(source.id, range);
    await bench.later(hours(12));
    await bench.later(hours(12));
    expect(reader.hourly(source.id, range).values.ghiWm2).not.toEqual(first.values.ghiWm2);
    expect(reader.hourlyAsTold(source.id, range, () => start).values).toEqual(first.values);
    expect(reader.issueAt(source.id, start + hours(6))?.issuedAt).toBe(start);
    expect(reader.issueAt(source.id, start - 1)).toBeNull();
    expect(reader.issuedTimes(source.id, { from: 0, to: start + days(9) })).toEqual(
      [0, 12, 24].map((passed) => start + hours(passed)),
    );
  });

  test('as told never has an hour of a forecast that was learned later than asked', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    for (let i = 0; i < 12; i++) await bench.later(hours(6));
    const range = { from: start, to: start + days(4) };
    const knownAt = (stamp: number) => stamp - hours(24);
    const told = bench.weather.reader.hourlyAsTold(source.id, range, knownAt);
    const checked = told.times.filter((time, i) => {
      const at = told.fetchedAt[i] ?? null;
      if (at !== null) expect(at).toBeLessThanOrEqual(knownAt(time));
      return at !== null;
    });
    // A day ahead is known from a day after the first forecast on, to the end.
    expect(checked.length).toBe(3 * 24);
    expect(new Set(told.origins)).toEqual(new Set([null, 'forecast']));
  });

  test('hours that have passed are as the models saw them after; those ahead are forecast, none is both', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    bench.clock.advance(minutes(20));
    await bench.settle();
    const { reader } = bench.weather;
    const hourly = reader.hourly(source.id, { from: start - hours(3), to: start + hours(3) });
    expect(hourly.origins).toEqual(['recent', 'recent', 'recent', 'recent', 'forecast', 'forecast']);
    const issue = reader.issueAt(source.id, bench.clock.now());
    expect(issue?.from).toBe(start + hours(1));
  });
});

describe('years before', () => {
  test('are fetched from the first reading on, a year at a time, and not again', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    bench.spans.set(source.id, { from: start - days(800), to: start });
    await bench.settle();
    const asked = bench.server.askedOf('/v1/archive');
    expect(asked.map((url) => url.searchParams.get('start_date'))).toEqual(['2025-04-13', '2024-04-12']);
    expect(asked.map((url) => url.searchParams.get('end_date'))).toEqual(['2026-03-20', '2025-04-12']);
    const hourly = bench.weather.reader.hourly(source.id, { from: start - days(800), to: start });
    expect(hourly.origins.includes(null)).toBe(false);
    expect(new Set(hourly.origins)).toEqual(new Set(['archive', 'recent']));
    expect(bench.weather.reader.daily(source.id, { from: start - days(700), to: start - days(690) }).length).toBe(11);
    bench.weather.archive.lookSoon('test');
    await bench.settle();
    expect(bench.server.askedOf('/v1/archive').length).toBe(2);
  });

  test('wait for a limit to end, and go on', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    bench.spans.set(source.id, { from: start - days(300), to: start });
    bench.server.next.push(
      (url) => bench.server.weather(url),
      () => refusal('Minutely API request limit exceeded. Please try again in one minute.', 429),
    );
    await bench.settle();
    expect(bench.server.askedOf('/v1/archive').length).toBe(1);
    bench.clock.advance(minutes(2));
    await bench.settle();
    expect(bench.server.askedOf('/v1/archive').length).toBe(2);
    expect(bench.weather.reader.hourly(source.id, { from: start - days(290), to: start }).origins).not.toContain(null);
  });
});

describe('sources', () => {
  test('that are deleted take their weather along; the place goes with the last of them', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place();
    const garage = await bench.place(ada, { name: 'Garage' });
    await bench.settle();
    bench.sources.sources.service.remove(ada, roof.id);
    await bench.settle();
    expect(bench.weather.reader.daily(roof.id, today)).toEqual([]);
    expect(bench.weather.reader.state(roof.id)).toBeUndefined();
    expect([rows(bench, 'weather_places'), rows(bench, 'weather_hours') > 0]).toEqual([1, true]);
    bench.sources.sources.service.remove(ada, garage.id);
    await bench.settle();
    for (const table of ['weather_places', 'weather_hours', 'weather_issues', 'weather_days'])
      expect(rows(bench, table)).toBe(0);
  });

  test('that move have the weather of where they are, in the days of their zone', async () => {
    await using bench = await WeatherBench.start();
    const source = await bench.place();
    await bench.settle();
    const { service } = bench.sources.sources;
    await service.update(ada, source.id, { latitude: 28.61, longitude: 77.21, timeZone: 'Asia/Kolkata' });
    expect(bench.weather.reader.daily(source.id, today)[0]?.hoursKnown).toBe(0);
    await bench.settle();
    expect(bench.server.asked.at(-1)?.searchParams.get('latitude')).toBe('28.61');
    const [day] = bench.weather.reader.daily(source.id, { from: start, to: start + 1 });
    expect(day).toMatchObject({ date: '2026-06-21', hoursInDay: 24, hoursKnown: 24 });
    expect(rows(bench, 'weather_places')).toBe(1);
    await service.update(ada, source.id, { timeZone: 'America/New_York' });
    expect(bench.weather.reader.daily(source.id, { from: start - hours(8), to: start })[0]).toMatchObject({
      date: '2026-06-20',
      hoursKnown: 24,
    });
  });

  test('that are new at a known place have its weather at once', async () => {
    await using bench = await WeatherBench.start();
    await bench.place();
    await bench.settle();
    const asked = bench.server.asked.length;
    const shed = await bench.place(ada, { name: 'Shed', timeZone: 'Europe/Athens' });
    expect(bench.weather.reader.daily(shed.id, today)[0]?.hoursKnown).toBe(24);
    await bench.settle();
    expect(bench.server.asked.length).toBe(asked);
  });
});

test('weather survives a restart, and places of sources that went meanwhile are tidied away', async () => {
  await using bench = await WeatherBench.start();
  const source = await bench.place();
  await bench.settle();
  const before = bench.weather.reader.hourly(source.id, { from: start - days(5), to: start + days(5) });
  bench.sources.db
    .query("INSERT INTO weather_places (owner_id, latitude_cdeg, longitude_cdeg) VALUES ('bob', 1, 2)")
    .run();
  await bench.restart();
  expect(bench.weather.reader.hourly(source.id, { from: start - days(5), to: start + days(5) })).toEqual(before);
  expect(rows(bench, 'weather_places')).toBe(1);
  await bench.settle();
  expect(bench.server.askedOf('/v1/forecast').length).toBe(1);
});

test('news of weather name the sources and the stamps that changed', async () => {
  await using bench = await WeatherBench.start();
  const heard: unknown[] = [];
  const stop = bench.weather.reader.onWeather((news) => void heard.push(news));
  const source = await bench.place();
  await bench.settle();
  const midnight = Math.floor(start / DAY_MS) * DAY_MS;
  expect(heard).toEqual([
    {
      sourceIds: new Set([source.id]),
      kind: 'forecast',
      range: { from: midnight - days(92), to: midnight + days(9) },
    },
  ]);
  stop();
  await bench.later(hours(2));
  expect(heard.length).toBe(1);
});

test('metrics count questions by outcome and tell how old the weather is', async () => {
  await using bench = await WeatherBench.start();
  await bench.place();
  await bench.settle();
  bench.clock.advance(HOUR_MS);
  const samples = bench.weather.metrics?.() ?? [];
  const value = (name: string, outcome?: string) =>
    samples.find((s) => s.name === name && (outcome === undefined || s.labels?.outcome === outcome))?.value;
  expect(value('ampra_weather_questions_total', 'ok')).toBe(1);
  expect(value('ampra_weather_age_seconds')).toBe(3600);
  expect(value('ampra_weather_places')).toBe(1);
});
