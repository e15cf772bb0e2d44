import { describe, expect, test } from 'bun:test';
import { unwrap } from '../../core/result.ts';
import { dayView, forecastDay, forecastView, stepView } from '../../testing/forecast-views.ts';
import { combineForecasts } from './combine-forecasts.ts';
import { daysOfSpan, fanModel, hourToExplain } from './fan-model.ts';
import { forecastCsv } from './forecast-csv.ts';
import {
  ageWords,
  headlineOf,
  hourSentence,
  isSettled,
  leadOf,
  noReasons,
  oddsText,
  reasonTexts,
} from './forecast-words.ts';
import { issueChoices } from './issue-choices.ts';
import { featureWords } from './model-words.ts';
import { forecastUrl, readForecastRequest } from './page-query.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = forecastDay + 10.2 * HOUR;
const place = { latitude: 48, longitude: 11 };

describe('the address of a forecast', () => {
  test('leads back to the same forecast', () => {
    const at = Date.UTC(2026, 5, 20, 6);
    const hour = at + 5 * HOUR;
    const url = forecastUrl({ show: 'source:a b', quantity: 'load' }, { span: 'week', at, hour, isTable: true });
    const query = Object.fromEntries(new URL(url, 'http://ampra').searchParams);
    expect(unwrap(readForecastRequest(query))).toEqual({
      ...{ show: 'source:a b', quantity: 'load', span: 'week', at, hour, isTable: true },
    });
  });

  test('says which moment, quantity or day is none; what is left empty is not said', () => {
    for (const at of ['yesterday', '2026-13-01T00:00Z', '2026-06-21T10:00', '2026-06-21'])
      expect(readForecastRequest({ at })).toMatchObject({ ok: false, error: { code: 'invalid', field: 'at' } });
    for (const [field, text] of Object.entries({ of: 'wind', span: 'year' }))
      expect(readForecastRequest({ [field]: text })).toMatchObject({ ok: false, error: { code: 'invalid', field } });
    for (const at of ['', 'now'])
      expect(unwrap(readForecastRequest({ of: '', span: '', at }))).toMatchObject({
        ...{ quantity: null, span: 'today', at: null },
      });
  });
});

describe('the forecast of a house', () => {
  test('adds level by level what comes at the same time, and what moved it by what it was', () => {
    const hour = forecastDay + 12 * HOUR;
    const reason = (effectW: number) => ({ reasons: [{ topic: 'clouds', effectW } as const] });
    const one = forecastView({ steps: [stepView(hour, 1000, reason(-300))] });
    const two = forecastView({
      steps: [stepView(hour, 400, { to: hour + HOUR / 2, ...reason(50) }), stepView(hour + HOUR / 2, 600, reason(70))],
    });
    const [step] = combineForecasts([one, two], 'UTC').steps;
    expect(step?.p50W).toBeCloseTo(1500, 6);
    expect(step?.p90W).toBeCloseTo(2250, 6);
    expect(step?.reasons).toEqual([{ topic: 'clouds', effectW: -250 }]);
  });

  test('speaks only of what all of its sources are forecast for, and is as sure as the least sure', () => {
    const one = forecastView();
    const { state } = one;
    const two = forecastView({
      ...{ steps: one.steps.slice(0, 10), days: one.days.slice(0, 2), came: one.came.slice(0, 3) },
      state: { ...state, basis: 'physics', isWithoutWeather: true, weatherAt: null },
    });
    const both = combineForecasts([one, two], 'UTC');
    expect([both.steps.length, both.days.length, both.came.length]).toEqual([10, 2, 3]);
    expect(both.state).toMatchObject({ basis: 'physics', isWithoutWeather: true, weatherAt: null });
    expect(both.days[0]).toMatchObject({ p50Kwh: 32, cameKwh: 7.2 });
  });
});

describe('the fan', () => {
  test('shows the day with what was said of its morning before, and what came', () => {
    const model = fanModel(forecastView(), 'today', now, place);
    expect(model.range).toEqual({ from: forecastDay, to: forecastDay + DAY });
    expect(model.hours.length).toBe(24);
    expect(model.hours[8]).toMatchObject({ cameW: 900, step: { p50W: 1000 } });
    expect(model.hours[12]?.cameW).toBeNull();
    expect(model.axisUnit).toBe('kW');
    expect(model.scale.max).toBeGreaterThanOrEqual(1500);
  });

  test('finds the day of a date, and falls back on the first where it speaks of none', () => {
    const view = forecastView();
    expect(daysOfSpan(view, '2026-06-24').map(({ date }) => date)).toEqual(['2026-06-24']);
    expect(daysOfSpan(view, '2020-01-01').map(({ date }) => date)).toEqual(['2026-06-21']);
    expect(daysOfSpan(view, 'week').length).toBe(7);
  });

  test('marks where the weather ends', () => {
    const view = forecastView();
    const model = (weatherUntil: number | null) =>
      fanModel({ ...view, state: { ...view.state, weatherUntil } }, 'week', now, place).weatherEndsAt;
    expect(model(forecastDay + 3 * DAY)).toBe(forecastDay + 3 * DAY);
    expect([model(null), model(forecastDay + 8 * DAY)]).toEqual([null, null]);
  });

  test('explains the hour that was chosen, else the running one where it has reasons, else the strongest', () => {
    const view = forecastView();
    const model = fanModel(view, 'today', now, place);
    expect(hourToExplain(model, forecastDay + 3.5 * HOUR)?.from).toBe(forecastDay + 3 * HOUR);
    expect(hourToExplain(model, null)?.step.p50W).toBe(1000);
    const steps = view.steps.map((step) => ({ ...step, reasons: [{ topic: 'light', effectW: 10 } as const] }));
    expect(hourToExplain(fanModel({ ...view, steps }, 'today', now, place), null)?.from).toBe(forecastDay + 10 * HOUR);
  });

  test('has the hours of the clock on the wall, also a quarter off those of UTC', () => {
    const timeZone = 'Asia/Kathmandu';
    const from = forecastDay - 5.75 * HOUR;
    const quarters = (to: number) =>
      Array.from({ length: (to - from) / (HOUR / 4) }, (_, i) =>
        stepView(from + (i * HOUR) / 4, i * 10, { to: from + ((i + 1) * HOUR) / 4 }),
      );
    const view = forecastView({
      ...{ timeZone, earlier: [], steps: quarters(from + DAY), came: [] },
      days: [dayView(0, 16, { from, to: from + DAY })],
    });
    const { hours } = fanModel(view, 'today', from + HOUR, place);
    const noon = hours[12];
    if (!noon) throw new Error('no noon');
    expect(hours).toHaveLength(24);
    expect(hourSentence(noon, timeZone)).toContain('12:00 to 13:00: most likely 495 W');
  });

  test('has hours of a day that the clock makes longer', () => {
    const from = Date.UTC(2026, 9, 24, 22);
    const days = [dayView(0, 5, { date: '2026-10-25', from, to: from + 25 * HOUR })];
    const steps = Array.from({ length: 25 }, (_, i) => stepView(from + i * HOUR, 100));
    const view = forecastView({ timeZone: 'Europe/Berlin', days, steps, earlier: [], came: [] });
    expect(fanModel(view, 'today', from, place).hours.length).toBe(25);
  });
});

describe('the words of a forecast', () => {
  test('say the odds of the day, and what has come of it', () => {
    const view = forecastView();
    const [today, tomorrow] = view.days;
    if (!today || !tomorrow) throw new Error('no days');
    expect(headlineOf(view, today, now)).toBe('Today most likely 16 kWh, between 12 and 19');
    expect(leadOf(view, today, now)).toBe('8 days in 10 end between the two. 3.6 kWh produced until 10:00.');
    expect(headlineOf(view, tomorrow, now)).toBe('Tomorrow most likely 16 kWh, between 12 and 19');
    expect(leadOf(view, tomorrow, now)).toBe('8 days in 10 end between the two.');
  });

  test('do not explain a band that they have not named', () => {
    const none = dayView(0, 0, { p10Kwh: 0, p50Kwh: 0, p90Kwh: 0.01, cameKwh: null });
    const view = forecastView({ days: [none] });
    expect(headlineOf(view, none, now)).toBe('Today next to nothing');
    expect(leadOf(view, none, now)).toBe('');
  });

  test('of an evening say what it was and what tomorrow brings; of a day that is over how it went', () => {
    const over = dayView(0, 9.1, { p10Kwh: 9.1, p90Kwh: 9.12, cameKwh: 9.1 });
    const view = forecastView({ days: [over, dayView(1, 8)] });
    expect(headlineOf(view, over, now)).toBe('Today 9.1 kWh. Tomorrow most likely 8.0 kWh, between 6.0 and 9.6');
    const before = dayView(0, 10, { cameKwh: 6.2 });
    expect(leadOf(view, before, now + DAY)).toBe(
      '6.2 kWh produced in the end, outside the band that holds 8 days in 10.',
    );
  });

  test('tells odds by digits that tell them apart, and a day as over only when nothing is to come', () => {
    expect(oddsText({ p10Kwh: 12.2, p50Kwh: 16, p90Kwh: 19.4 })).toEqual({ low: '12', likely: '16', high: '19' });
    expect(oddsText({ p10Kwh: 16.7, p50Kwh: 16.9, p90Kwh: 17.1 })).toEqual({
      low: '16.7',
      likely: '16.9',
      high: '17.1',
    });
    const sure = dayView(0, 17, { p10Kwh: 16.97, p90Kwh: 17.03, soFarKwh: 14.5, cameKwh: 14.5 });
    expect(isSettled(sure)).toBe(false);
    expect(headlineOf(forecastView({ days: [sure] }), sure, now)).toBe('Today about 17.0 kWh');
    expect(isSettled({ ...sure, cameKwh: 17 })).toBe(true);
    expect(isSettled({ ...sure, cameKwh: null })).toBe(false);
  });

  test('say an hour in a sentence, and what moved it with its direction', () => {
    const hour = { from: forecastDay + 8 * HOUR, to: forecastDay + 9 * HOUR, step: stepView(0, 1200), cameW: 900 };
    expect(hourSentence(hour, 'UTC')).toBe(
      'Sun 21 Jun, 08:00 to 09:00: most likely 1.20 kW, between 600 W and 1.80 kW; measured 900 W',
    );
    expect(reasonTexts([{ topic: 'clouds', effectW: -320.4 }], 'solar')[0]).toMatchObject({
      name: 'Clouds',
      effect: 'takes 320 W',
    });
    const night = { ...hour, step: stepView(0, 0) };
    expect(noReasons(night, forecastView().state, 'solar', 0)).toBe('The sun is down.');
  });

  test('say how old a forecast and its weather are', () => {
    const view = forecastView();
    expect(ageWords(view, now)).toBe('Made 12 min ago from weather fetched 42 min ago.');
    expect(ageWords({ ...view, state: { ...view.state, weatherAt: null } }, now)).toBe(
      'Made 12 min ago, without weather.',
    );
  });
});

describe('forecasts that can be called back', () => {
  test('are all of the last day, four of each day before, and the one that is shown', () => {
    const issued = Array.from({ length: 72 }, (_, i) => now - (72 - i) * HOUR);
    const shown = now - 60 * HOUR;
    const offered = issueChoices(issued, now, 'UTC', shown);
    expect(offered[0]?.issuedAt).toBe(now - HOUR);
    expect(offered.filter(({ issuedAt }) => issuedAt >= now - DAY).length).toBe(24);
    expect(offered.filter(({ issuedAt }) => issuedAt < now - DAY).length).toBe(8 + 1);
    expect(offered.some(({ issuedAt }) => issuedAt === shown)).toBe(true);
  });

  test('name no minute twice: the last of it stands for all, or the one that is shown', () => {
    const minute = now - HOUR;
    const issued = [minute + 1000, minute + 20_000, minute + 70_000];
    const times = (shown: number | null) => issueChoices(issued, now, 'UTC', shown).map(({ issuedAt }) => issuedAt);
    expect(times(null)).toEqual([minute + 70_000, minute + 20_000]);
    expect(times(minute + 1000)).toEqual([minute + 70_000, minute + 1000]);
  });
});

test('the CSV holds every step of what is shown, with its zone, its quantiles and what came', () => {
  const view = forecastView();
  const lines = forecastCsv(fanModel(view, 'today', now, place), view).split('\r\n');
  expect(lines[0]).toStartWith('time (UTC),to,p02 (W),p05 (W),p10 (W)');
  expect(lines.length).toBe(24 + 2);
  expect(lines[9]).toStartWith('2026-06-21T08:00:00+00:00,2026-06-21T09:00:00+00:00,');
  expect(lines[9]).toEndWith('1100,900,yes,before the day began');
  expect(lines[13]).toContain(',,yes,2026-06-21T10:00:00+00:00');
});

test('what a model looks at is said in words, with its unit as people write it', () => {
  const feature = { name: 'temperature_2m', unit: 'degC', meaning: "Open-Meteo's column", importance: 0.1 };
  expect(featureWords(feature)).toEqual({ meaning: 'temperature of the air', unit: '°C' });
  expect(featureWords({ ...feature, name: 'cloud_cover_day' }).meaning).toBe(
    'how much of the sky is clouds, mean of the day',
  );
  expect(featureWords({ ...feature, name: 'lead', unit: 'h', meaning: 'time since the forecast was made' })).toEqual({
    ...{ meaning: 'time since the forecast was made', unit: 'h' },
  });
});
