import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { newId } from '../core/ids.ts';
import type { Reading } from '../core/reading.ts';
import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import { FakeClock } from '../testing/app.ts';
import type { TestRow } from '../testing/books.ts';
import { type DeviceCase, deviceCases } from '../testing/device-cases.ts';
import { startTelemetry, type TestTelemetry } from '../testing/telemetry.ts';
import { TrueDevice } from '../testing/true-device.ts';
import { DAY, HOUR, noise } from '../testing/true-house.ts';
import type { Correction, CorrectionKind } from './corrections/correction.ts';
import { quantityRules } from './energy/energy.ts';

/**
 * Days of the real store against what truly flowed, however readings came: late, twice, in pieces, wrong at first, mended
 * or removed by hand, over restarts, and with a source that moves to another zone. TEST_SEED and TEST_RUNS play a failure
 * again, or many more.
 */
const RUNS = Number(process.env.TEST_RUNS ?? 8);
const SEED = process.env.TEST_SEED ? { seed: Number(process.env.TEST_SEED) } : {};
const ID = 'aaaaaaaa-0000-4000-8000-000000000001';

interface Delivery {
  seed: number;
  /** Shares of the rows, 0..1. */
  late: number;
  twice: number;
  inPieces: number;
  wrongFirst: number;
  restarts: number;
  /** True where the gaps are readings that came and were removed by hand. */
  isRemoved: boolean;
  /** A stretch in hours in which powers or totals are shown wrong, mended by hand. */
  mended: { kind: 'scale' | 'offset'; from: number; hours: number } | null;
  movesTo: string | null;
  isImported: boolean;
}

const deliveries: fc.Arbitrary<Delivery> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  late: fc.constantFrom(0, 0.02, 0.2),
  twice: fc.constantFrom(0, 0.1),
  inPieces: fc.constantFrom(0, 0.2),
  wrongFirst: fc.constantFrom(0, 0.02),
  restarts: fc.constantFrom(0, 0, 2),
  isRemoved: fc.boolean(),
  mended: fc.option(
    fc.record({
      kind: fc.constantFrom('scale' as const, 'offset' as const),
      from: fc.integer({ min: 4, max: 80 }),
      hours: fc.integer({ min: 1, max: 20 }),
    }),
  ),
  movesTo: fc.option(fc.constantFrom('Asia/Kathmandu', 'America/Los_Angeles', 'Pacific/Chatham', 'Europe/Berlin')),
  isImported: fc.boolean(),
});

/** Messages that are handed over together. */
const AT_ONCE = 15;

/** Mends that are made once everything came. */
const correction = (kind: CorrectionKind, more: Partial<Correction>): Correction => ({
  ...{ id: newId(), kind, metric: null, from: 0, to: 0, amount: null, above: null, below: null, note: '' },
  ...{ madeAt: 1, madeBy: 'Ada', undoneAt: null, undoneBy: null },
  ...more,
});

/** Rows as the device shows them wrongly, and what mends them. */
function distorted(device: TrueDevice, rows: readonly TestRow[], { mended, isRemoved }: Delivery) {
  const mends: Correction[] = [];
  let shown = rows;
  if (mended) {
    const from = device.start + mended.from * HOUR;
    const to = from + mended.hours * HOUR;
    const [metric, wrong, amount] =
      mended.kind === 'scale'
        ? (['solarPower', (value: number) => value * 100, 0.01] as const)
        : (['totalGridImport', (value: number) => value + 7, -7] as const);
    shown = rows.map(([time, values]) => {
      const value = values[metric];
      return time < from || time >= to || value === undefined
        ? [time, values]
        : [time, { ...values, [metric]: wrong(value) }];
    });
    mends.push(correction(mended.kind, { metric, from, to, amount }));
  }
  if (isRemoved) for (const { from, to } of device.gaps) mends.push(correction('remove', { from: from + 1, to }));
  return { shown, mends };
}

/** Messages in the order in which they come. */
function messages(rows: readonly TestRow[], { seed, late, twice, inPieces, wrongFirst }: Delivery): Reading[] {
  const next = noise(seed);
  const all: { at: number; reading: Reading }[] = [];
  for (const [time, values] of rows) {
    const say = (at: number, said: Reading['values']): unknown =>
      all.push({ at, reading: { sourceId: ID, time, values: said } });
    const at = time + (next() < late ? next() * 30 * HOUR : 0);
    const isWrongFirst = next() < wrongFirst;
    if (isWrongFirst)
      say(at - 1, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * 3 * next()])));
    if (next() < inPieces)
      for (const piece of Object.entries(values)) say(at + next() * 5000, Object.fromEntries([piece]));
    else say(at, values);
    if (next() < twice) say(at + next() * HOUR, values);
  }
  return all.sort((a, b) => a.at - b.at).map(({ reading }) => reading);
}

async function play(device: TrueDevice, rows: readonly TestRow[], delivery: Delivery, facts: { timeZone: string }) {
  const clock = new FakeClock(device.start);
  let t = await startTelemetry({ clock, facts });
  const said = messages(rows, delivery);
  const restartAfter = Array.from({ length: delivery.restarts }, (_, i) => Math.floor(((i + 1) * said.length) / 3));
  const all = delivery.isImported ? said.slice(0, said.length >> 1) : [];
  if (all.length > 0) {
    clock.set(Math.max(...all.map(({ time }) => time)));
    await t.service.importReadings(ID, all);
  }
  for (let i = all.length, batch = 0; i < said.length; i += AT_ONCE, batch++) {
    const some = said.slice(i, i + AT_ONCE);
    clock.set(Math.max(clock.now(), ...some.map(({ time }) => time)));
    t.service.add(some, batch + 1);
    if (batch % 20 === 0) await t.service.flush();
    if (restartAfter.some((at) => at >= i && at < i + AT_ONCE)) {
      await t.service.stop();
      await t.drop();
      t = await startTelemetry({ clock, facts, dir: t.dir });
    }
  }
  await t.service.flush();
  return t;
}

/** Null where all is well. */
async function wrong(of: DeviceCase, delivery: Delivery): Promise<string | null> {
  const truth = new TrueDevice(of);
  const full = delivery.isRemoved ? new TrueDevice({ ...of, gaps: [] }) : truth;
  const { shown, mends } = distorted(truth, full.rows(), delivery);
  const facts = { timeZone: truth.zone };
  const t = await play(truth, shown, delivery, facts);
  try {
    for (const mend of mends) await t.service.correct(ID, mend);
    if (delivery.movesTo) {
      facts.timeZone = delivery.movesTo;
      t.service.factsChanged(ID);
    }
    (t.clock as FakeClock).set(truth.end + DAY);
    for (let pass = 0; !(await t.service.bookPass(ID)); pass++) if (pass > 500) return 'the books never came to an end';
    return await compared(t, truth, facts.timeZone, of);
  } finally {
    await t.dispose();
  }
}

async function compared(t: TestTelemetry, truth: TrueDevice, timeZone: string, of: DeviceCase): Promise<string | null> {
  const days = await t.service.energy(ID, 'day', { from: truth.start, to: truth.end });
  const first = localDayOf(truth.start, timeZone);
  for (const [i, day] of days.entries()) {
    const span = { from: startOfLocalDay(first + i, timeZone), to: startOfLocalDay(first + i + 1, timeZone) };
    if (span.from < truth.start || span.to > truth.end) continue;
    for (const { quantity, ...rule } of quantityRules) {
      if (!of.shows.power && !of.shows.total && !(of.shows.daily && rule.daily)) continue;
      const kwh = day[`${quantity}Kwh`] ?? 0;
      const flowed = truth.house.kwh(quantity, span.from, span.to);
      const { lost, misplaced } = truth.unknown(quantity, span);
      const slack = truth.slack(quantity, span);
      const isRight = kwh <= flowed + misplaced + slack && kwh >= flowed - lost - misplaced - slack;
      if (!isRight)
        return `${quantity} of ${day.period} (${timeZone}): ${kwh.toFixed(3)} booked, ${flowed.toFixed(3)} flowed (lost ${lost.toFixed(3)}, misplaced ${misplaced.toFixed(3)}, slack ${slack.toFixed(3)})`;
    }
  }
  return null;
}

/** A daily counter that begins anew by the clock of the old place, in a new one: as if by any other clock. */
const possible = ([of, delivery]: [DeviceCase, Delivery]): boolean =>
  delivery.movesTo === null || !of.shows.daily || of.gaps.length === 0;

test('days are what flowed, however readings came and were mended, also after a move', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(deviceCases, deliveries).filter(possible), async ([of, delivery]) => {
      expect(await wrong(of, delivery)).toBeNull();
    }),
    { numRuns: RUNS, endOnFailure: true, ...SEED },
  );
}, 300_000);
