import { backOff } from '../core/back-off.ts';
import type { Clock } from '../core/clock.ts';
import { seconds } from '../core/durations.ts';
import { rest } from '../core/rest.ts';
import { hourFields } from './hour-fields.ts';
import { readAnswer, reasonOf } from './open-meteo-answer.http.ts';
import { pointDegrees, type WeatherPoint } from './place.ts';
import type { WeatherOutcome, WeatherProvider } from './ports.ts';
import { pauseUntil, type Trouble, type TroubleKind } from './trouble.ts';

export interface OpenMeteoOptions {
  /** `https://api.open-meteo.com`: where `/v1/forecast` is. */
  forecastUrl: string;
  /** `https://archive-api.open-meteo.com`: where `/v1/archive` is. */
  archiveUrl: string;
  /** For paid use; empty for the free service. */
  apiKey: string;
  clock: Clock;
  /** Longest time for one answer, ms. Default 20 s. */
  timeoutMs?: number;
  /** Wait before the second try, ms; doubled before the third. Default 1 s. */
  firstWaitMs?: number;
}

/** Today and eight days: for every zone these hold the whole of today and of the seven days after it. */
const FORECAST_DAYS = 9;
const ATTEMPTS = 3;
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_WAIT_MS = seconds(30);
/** What may pass by itself within seconds. */
const passing: ReadonlySet<TroubleKind> = new Set(['unreachable', 'timeout', 'server', 'garbled']);

/**
 * Open-Meteo, or a server that speaks as it does. It is told a rounded place and which figures are wanted; times come as
 * seconds UTC. Troubles are values: a house without internet is nothing that is broken.
 */
export class OpenMeteo implements WeatherProvider {
  private pause: number | null = null;
  private readonly counted: Record<'ok' | TroubleKind, number> = {
    ...{ ok: 0, unreachable: 0, timeout: 0, rateLimited: 0, refused: 0, server: 0, garbled: 0 },
  };

  constructor(private readonly options: OpenMeteoOptions) {}

  forecast(point: WeatherPoint, { pastDays, signal }: { pastDays: number; signal: AbortSignal }) {
    const fields = hourFields.map((field) => field.parameter);
    const days = { past_days: String(pastDays), forecast_days: String(FORECAST_DAYS) };
    return this.ask(this.question(this.options.forecastUrl, '/v1/forecast', point, fields, days), signal);
  }

  archive(point: WeatherPoint, { first, last, signal }: { first: string; last: string; signal: AbortSignal }) {
    const fields = hourFields.flatMap((field) => ('isForecastOnly' in field ? [] : field.parameter));
    const days = { start_date: first, end_date: last };
    return this.ask(this.question(this.options.archiveUrl, '/v1/archive', point, fields, days), signal);
  }

  pausedUntil(): number | null {
    return this.pause !== null && this.pause > this.options.clock.now() ? this.pause : null;
  }

  counts(): Readonly<Record<'ok' | TroubleKind, number>> {
    return { ...this.counted };
  }

  private question(
    base: string,
    path: string,
    point: WeatherPoint,
    fields: readonly string[],
    days: Readonly<Record<string, string>>,
  ): URL {
    const { latitude, longitude } = pointDegrees(point);
    const url = new URL(base.replace(/\/+$/, '') + path);
    const query = {
      ...{ latitude: latitude.toFixed(2), longitude: longitude.toFixed(2), hourly: fields.join(',') },
      ...{ timezone: 'GMT', timeformat: 'unixtime', wind_speed_unit: 'ms', ...days },
      ...(this.options.apiKey ? { apikey: this.options.apiKey } : {}),
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  private async ask(url: URL, signal: AbortSignal): Promise<WeatherOutcome> {
    for (let attempt = 1; ; attempt++) {
      const paused = this.pausedUntil();
      if (paused !== null) return { ok: false, trouble: limited('It was asked too often a moment ago.', paused) };
      const outcome = await this.askOnce(url, signal);
      this.counted[outcome.ok ? 'ok' : outcome.trouble.kind]++;
      if (outcome.ok || attempt === ATTEMPTS || !passing.has(outcome.trouble.kind) || signal.aborted) return outcome;
      await rest(backOff(attempt, this.options.firstWaitMs ?? seconds(1), LONGEST_WAIT_MS), signal);
    }
  }

  private async askOnce(url: URL, signal: AbortSignal): Promise<WeatherOutcome> {
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? seconds(20));
    try {
      const response = await fetch(url, {
        headers: { Accept: 'application/json', 'User-Agent': 'Ampra' },
        redirect: 'error',
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await bodyOf(response);
      return response.ok ? read(text) : this.refusal(response, text);
    } catch (error) {
      if (error instanceof TooLarge) return trouble('garbled', 'Its answer was too large to be weather.');
      if (timeout.aborted) return trouble('timeout', `${url.hostname} took too long to answer.`);
      return trouble('unreachable', `${url.hostname} could not be reached.`);
    }
  }

  private refusal(response: Response, text: string): WeatherOutcome {
    const reason = reasonOf(text);
    const now = this.options.clock.now();
    if (response.status === 429) {
      this.pause = pauseUntil(reason ?? '', retryAfterS(response), now);
      return {
        ok: false,
        trouble: limited(`It was asked too often: ${sentence(reason ?? 'limit exceeded')}`, this.pause),
      };
    }
    if (response.status >= 500) return trouble('server', `It failed itself (status ${response.status}).`);
    return trouble('refused', `It refused the question: ${sentence(reason ?? `status ${response.status}`)}`);
  }
}

function read(text: string): WeatherOutcome {
  try {
    return { ok: true, answer: readAnswer(text) };
  } catch (error) {
    const reason = reasonOf(text) ?? (error instanceof Error ? error.message : String(error));
    return trouble('garbled', `It did not answer with weather: ${sentence(reason)}`);
  }
}

class TooLarge extends Error {}

/** The body as text, never more than an answer can have. */
async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (!response.body) return text;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new TooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function retryAfterS(response: Response): number | null {
  const value = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}

const trouble = (kind: TroubleKind, message: string): WeatherOutcome => ({ ok: false, trouble: { kind, message } });
const limited = (message: string, until: number): Trouble => ({ kind: 'rateLimited', message, until });
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
