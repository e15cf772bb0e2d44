import { ok, type Result, refuse } from '../../core/result.ts';
import { type ForecastQuantity, forecastQuantities } from '../issue.ts';

/** Which part of a forecast is shown: its first day, the next, all of it, or the day of that date. */
export type ForecastSpan = 'today' | 'tomorrow' | 'week' | `${number}-${number}-${number}`;

/** What the addresses of the forecast pages ask for. The same address always leads back to the same forecast. */
export interface ForecastRequest {
  /** `house`, `group:<id>` or `source:<id>`; null for whatever comes first. */
  show: string | null;
  /** Null for whatever is forecast there. */
  quantity: ForecastQuantity | null;
  span: ForecastSpan;
  /** The forecast as it stood at this moment, ms UTC; null for the newest. */
  at: number | null;
  /** An hour to be explained, ms UTC; null for the one that suits. */
  hour: number | null;
  isTable: boolean;
}

/** Parameters of an address, as text. */
type Query = Readonly<Record<string, string | undefined>>;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

function noSuchSpan(typed: string): string {
  return `“${typed.slice(0, 40)}” is no span of the forecast: take today, tomorrow, week or a day such as 2026-03-29.`;
}

/** Reads an address. What it does not say is as usual; what cannot be is refused, not replaced. */
export function readForecastRequest(query: Query): Result<ForecastRequest> {
  const at = momentIn(query, 'at');
  if (!at.ok) return at;
  const hour = momentIn(query, 'hour');
  if (!hour.ok) return hour;
  const quantity = forecastQuantities.find((one) => one === query.of) ?? null;
  if (query.of && !quantity)
    return refuse('invalid', `“${query.of.slice(0, 40)}” is neither production (solar) nor consumption (load).`, {
      field: 'of',
    });
  const span = spanOf(query.span);
  if (!span) return refuse('invalid', noSuchSpan(query.span ?? ''), { field: 'span' });
  return ok({
    show: query.show || null,
    quantity,
    span,
    at: at.value,
    hour: hour.value,
    isTable: query.as === 'table',
  });
}

function momentIn(query: Query, field: 'at' | 'hour'): Result<number | null> {
  const text = query[field];
  if (!text || text === 'now') return ok(null);
  const time = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return ok(time);
  return refuse('invalid', 'This is no moment in UTC, such as 2026-03-29T06:00:00Z.', { field });
}

function spanOf(text: string | undefined): ForecastSpan | null {
  if (!text) return 'today';
  if (text === 'today' || text === 'tomorrow' || text === 'week') return text;
  return DATE.test(text) && !Number.isNaN(Date.parse(text)) ? (text as ForecastSpan) : null;
}

/** Where the pages of one thing that is forecast are. */
export interface ForecastPlace {
  show: string;
  quantity: ForecastQuantity;
}

type ForecastPath =
  | 'forecast'
  | 'forecast.csv'
  | 'forecast/events'
  | 'forecast/accuracy'
  | 'forecast/model'
  | 'forecast/model/events';

/** Address of a page about the same; what is left out is as usual. */
export function forecastUrl(
  place: ForecastPlace,
  more: Partial<Omit<ForecastRequest, 'show' | 'quantity'>> & { days?: number; part?: 'why' } = {},
  page: ForecastPath = 'forecast',
): string {
  const { span, at, hour, isTable, days, part } = more;
  const query = new URLSearchParams({ show: place.show, of: place.quantity });
  if (span && span !== 'today') query.set('span', span);
  if (typeof at === 'number') query.set('at', new Date(at).toISOString());
  if (typeof hour === 'number') query.set('hour', new Date(hour).toISOString().replace('.000', ''));
  if (isTable) query.set('as', 'table');
  if (days !== undefined) query.set('days', String(days));
  if (part) query.set('part', part);
  return `/${page}?${query}`;
}
