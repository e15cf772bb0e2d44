import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { AmpraError, unwrap } from './core/result.ts';
import { isTimeZone } from './core/zone.ts';
import { type BacktestSite, backtestInput } from './forecast/backtest-input.ts';
import type { WalkForwardResult } from './forecast/walk-forward.ts';
import { runForecastJob } from './ml/forecast-worker.ml.ts';
import { type CommandCall, UsageError } from './platform/cli.ts';

/** `ampra backtest`: how the forecaster would have done on recorded data. */
export async function backtest(call: CommandCall): Promise<void> {
  const { terminal, options } = call;
  const startedAt = performance.now();
  const path = (name: 'power' | 'weather' | 'site'): string => resolve(terminal.cwd, String(options[name]));
  const quantiles = readQuantiles(options.quantiles);
  const testMonths = readTestMonths(options['test-months']);
  const site = readSite(path('site'));
  const { data, notes } = unwrap(
    backtestInput({
      powerCsv: readText(path('power')),
      ...(options.weather === undefined ? {} : { weatherCsv: readText(path('weather')) }),
      site,
      names: { power: String(options.power), weather: String(options.weather) },
    }),
  );
  for (const note of notes) terminal.error(note);
  const result = await runForecastJob(
    { kind: 'backtest', data, quantiles, testMonths },
    { onProgress: (done, total) => terminal.progress({ text: 'Months forecast', done, total }) },
  );
  if (result.months.length === 0)
    throw new AmpraError({
      code: 'invalid',
      message: `${String(options.power)} has no power after its first day that could be forecast.`,
      hint: 'Give the power of more days.',
    });
  const answer = `${JSON.stringify(answerOf(result, performance.now() - startedAt), null, 2)}\n`;
  await terminal.out(answer);
  if (typeof options.json === 'string') await writeAnswer(resolve(terminal.cwd, options.json), answer);
}

async function writeAnswer(path: string, answer: string): Promise<void> {
  try {
    await Bun.write(path, answer);
  } catch (error) {
    throw new AmpraError({
      code: 'invalid',
      message: `${path} could not be written: ${(error as Error).message}.`,
      hint: 'The result was printed all the same.',
    });
  }
}

/** The result with five digits a number; what cannot be said is null. */
function answerOf({ overall, months, baselines, skill }: WalkForwardResult, timeMs: number): unknown {
  return JSON.parse(
    JSON.stringify({ overall, months, baselines, skill, timeMs: Math.round(timeMs) }, (_, value: unknown) =>
      typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(6)) : value,
    ),
  );
}

function readText(path: string): string {
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  if (!statSync(path).isFile()) throw new UsageError(`${path} is no file.`);
  return readFileSync(path, 'utf8');
}

function readQuantiles(option: string | true | undefined): number[] {
  const texts = option === undefined ? ['0.1', '0.5', '0.9'] : String(option).split(',');
  const quantiles = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (quantiles.some((quantile) => !(quantile > 0 && quantile < 1)))
    throw new UsageError('--quantiles takes numbers between 0 and 1, like 0.1,0.5,0.9.');
  return [...new Set(quantiles)].sort((a, b) => a - b);
}

function readTestMonths(option: string | true | undefined): number {
  const months = option === undefined ? 3 : Number(option);
  if (!Number.isInteger(months) || months < 1 || months > 120)
    throw new UsageError('--test-months takes a whole number from 1 on.');
  return months;
}

const siteSchema = z.object({
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  timezone: z.string().refine(isTimeZone, 'is no time zone; it needs an IANA name like Europe/Lisbon'),
  installedCapacityW: z.number().positive(),
  arrays: z
    .array(
      z.object({
        tilt: z.number().min(0).max(90),
        azimuth: z.number().min(-360).max(360),
        peakW: z.number().positive(),
      }),
    )
    .nullish(),
  altitudeM: z.number().min(-450).max(9000).nullish(),
});

function readSite(path: string): BacktestSite {
  const text = readText(path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${(error as Error).message}`);
  }
  const site = siteSchema.safeParse(parsed);
  if (site.success) return site.data;
  const problems = site.error.issues.map(({ path: field, message }) => `${field.join('.') || 'the whole'}: ${message}`);
  throw new UsageError(`${path}: ${problems.join('; ')}.`);
}
