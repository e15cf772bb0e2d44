import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KilledHouse, type KillSummary, planFor } from './kills.ts';
import { Chance } from './random.ts';

/**
 * A thousand deaths (`KILL_ROUNDS`), or as many as fit into `KILL_MINUTES`. A script of its own rather than a test: it runs
 * for an hour, says how far it is, and keeps what it saw in `test-results/kill-nine.json`, so that a run that was
 * interrupted goes on from there with `KILL_RESUME=1`. Ends with 1 when a promise was broken.
 */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1000);
const MINUTES = Number(process.env.KILL_MINUTES ?? 120);
const RESULTS = process.env.KILL_RESULTS ?? 'test-results/kill-nine.json';
/** A round takes two or three seconds, on a crowded machine some more. */
const ROUND_LIMIT_MS = 180_000;
const SAID_EVERY = 10;

interface Results extends KillSummary {
  seeds: number[];
  problems: string[];
}

const nothingYet: Results = {
  ...{ rounds: 0, acknowledged: 0, lost: 0, twice: 0, invented: 0, slowestStartMs: 0, deaths: {} },
  ...{ seeds: [], problems: [] },
};
const before: Results = process.env.KILL_RESUME && existsSync(RESULTS) ? read() : nothingYet;
const house = await KilledHouse.build(new Chance());
const end = performance.now() + MINUTES * 60_000;
try {
  for (let round = before.rounds; round < ROUNDS && performance.now() < end && house.problems.length === 0; round++) {
    await within(ROUND_LIMIT_MS, house.round(planFor(round, house.chance)), `round ${round + 1} came to no end`);
    if (round % SAID_EVERY === SAID_EVERY - 1) keep();
  }
  await within(ROUND_LIMIT_MS, house.finish(), 'the last comparison came to no end');
} catch (cause) {
  house.problems.push(cause instanceof Error ? cause.message : String(cause));
} finally {
  await house.dispose();
}
const results = keep();
for (const problem of results.problems) console.error(problem);
process.exit(results.problems.length === 0 ? 0 : 1);

function read(): Results {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
}

/** Writes and prints what was seen up to now, earlier runs included. */
function keep(): Results {
  const now = house.summary();
  const deaths = { ...before.deaths };
  for (const [place, count] of Object.entries(now.deaths)) deaths[place] = (deaths[place] ?? 0) + count;
  const all: Results = {
    rounds: before.rounds + now.rounds,
    acknowledged: before.acknowledged + now.acknowledged,
    lost: before.lost + now.lost,
    twice: before.twice + now.twice,
    invented: before.invented + now.invented,
    slowestStartMs: Math.max(before.slowestStartMs, now.slowestStartMs),
    deaths,
    seeds: [...before.seeds, house.chance.seed],
    problems: [...before.problems, ...house.problems],
  };
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(all, null, 2)}\n`);
  console.log(new Date().toISOString(), JSON.stringify({ ...all, deaths: undefined }));
  return all;
}

async function within<T>(ms: number, work: Promise<T>, complaint: string): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(complaint)), ms);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
