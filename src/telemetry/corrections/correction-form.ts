import { findMetric, type NumericMetric, numericMetrics } from '../../core/metrics.ts';
import type { Refusal } from '../../core/result.ts';
import { fromLocalInput, toLocalSeconds } from '../../core/wall-clock.ts';
import { type AskedCorrection, type CorrectionKind, readCorrection } from './correction.ts';

/** What stands in the form of a correction: texts as they were typed. */
export interface CorrectionFormValues {
  kind: CorrectionKind;
  /** Empty: whole readings. */
  metric: string;
  /** On the source's clock. */
  from: string;
  to: string;
  /**
   * The same moments in UTC where a link named them: the clock shows an hour twice when it is set back. Empty once
   * something else was typed.
   */
  fromAt: string;
  toAt: string;
  amount: string;
  above: string;
  below: string;
  note: string;
}

/** What is wrong, by field. */
export type CorrectionFormErrors = Partial<Record<keyof CorrectionFormValues, string>>;

export const correctionKinds: readonly CorrectionKind[] = ['remove', 'set', 'scale', 'offset', 'jump'];

type Query = Readonly<Record<string, string | undefined>>;

/** What the address or a form says; a moment with a zone is shown on the source's clock. */
export function formValues(query: Query, timeZone: string): CorrectionFormValues {
  const text = (name: string): string => (query[name] ?? '').trim().slice(0, 500);
  return {
    kind: correctionKinds.find((kind) => kind === query.kind) ?? 'remove',
    metric: text('metric'),
    ...momentValues('from', text, timeZone),
    ...momentValues('to', text, timeZone),
    ...{ amount: text('amount'), above: text('above'), below: text('below'), note: text('note') },
  };
}

function momentValues<N extends 'from' | 'to'>(
  name: N,
  text: (name: string) => string,
  timeZone: string,
): Record<N | `${N}At`, string> {
  const typed = text(name);
  const named = exactMoment(typed);
  const exact = named ?? exactMoment(text(`${name}At`));
  const onClock = exact === null ? typed : toLocalSeconds(exact, timeZone);
  const isExact = exact !== null && (named !== null || sameMinuteText(onClock, typed));
  const values = { [name]: isExact ? onClock : typed, [`${name}At`]: isExact ? new Date(exact).toISOString() : '' };
  return values as Record<N | `${N}At`, string>;
}

/** Browsers leave out seconds that are zero. */
const sameMinuteText = (onClock: string, typed: string): boolean =>
  onClock === typed || onClock === `${typed}:00` || onClock.replace(/:00$/, '') === typed;

/** A moment that says its zone; null for any other text, and for what no clock will show. */
function exactMoment(text: string): number | null {
  const moment = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Math.abs(moment) < LAST_MOMENT ? moment : null;
}

/** The year 2100. */
const LAST_MOMENT = 4_102_444_800_000;

/** The correction that a form asks for, or what is wrong at each field, whether it cannot be read or cannot be meant. */
export function readForm(
  values: CorrectionFormValues,
  { timeZone, now }: { timeZone: string; now: number },
): { ok: true; asked: AskedCorrection } | { ok: false; errors: CorrectionFormErrors } {
  const { kind } = values;
  const errors: CorrectionFormErrors = {};
  const time = (name: 'from' | 'to'): number | undefined => {
    const moment = exactMoment(values[`${name}At`]) ?? fromLocalInput(values[name], timeZone);
    if (moment === null) errors[name] = 'Give a day and a time.';
    return moment ?? undefined;
  };
  const number = (name: 'amount' | 'above' | 'below'): number | undefined => {
    if (values[name] === '') return undefined;
    const read = Number(values[name].replace(',', '.').replace('\u2212', '-'));
    if (!Number.isFinite(read)) errors[name] = `“${values[name]}” is not a number.`;
    return read;
  };
  const metric = numericMetrics.find((name) => name === values.metric);
  if (values.metric !== '' && !metric) errors.metric = 'There is no such value.';
  const from = time('from');
  const to = kind === 'jump' ? undefined : time('to');
  const amount = kind === 'remove' ? undefined : number('amount');
  const bounds = kind === 'jump' || !metric ? {} : { above: number('above'), below: number('below') };
  const asked = { kind, metric, from: from ?? Number.NaN, to, amount, ...bounds, note: values.note };
  const meant = readCorrection(asked, now);
  if (meant.ok && Object.keys(errors).length === 0) return { ok: true, asked };
  return { ok: false, errors: { ...(meant.ok ? {} : formErrors(meant.error)), ...errors } };
}

/** The words of a refusal at the fields of the form. */
export function formErrors({ fields, message, field }: Refusal): CorrectionFormErrors {
  const found = fields ?? (field ? [{ field, message }] : []);
  return Object.fromEntries(
    found.map(({ field, message }) => [field, `${fieldNames[field] ?? 'This'} ${inForm(message)}.`]),
  );
}

/** Another field is named at the end, as programs know it. */
const inForm = (message: string): string =>
  message.replace(/(?<= than )\w+$/, (field) => fieldNames[field]?.replace('The', 'the') ?? field);

const fieldNames: Readonly<Record<string, string>> = {
  from: 'The beginning',
  to: 'The end',
  metric: 'The value',
  amount: 'The number',
  above: 'The lower bound',
  below: 'The upper bound',
  note: 'The note',
};

/** The unit of what is typed for a kind and metric; null for a factor, and while nothing is chosen. */
export function amountUnit(kind: CorrectionKind, metric: string): string | null {
  if (kind === 'scale' || kind === 'remove') return null;
  const unit = findMetric(metric)?.unit ?? null;
  return unit === 'degC' ? '°C' : unit;
}

/** The address of the form, filled with what is known. */
export function newCorrectionUrl(
  sourceId: string,
  values: Partial<Record<keyof CorrectionFormValues, string>>,
): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''));
  return `/sources/${sourceId}/corrections/new?${query.toString().replaceAll('%3A', ':')}`;
}

/** What of a source's metrics can be corrected, in the order of the catalogue. */
export const correctable = (available: readonly string[]): NumericMetric[] =>
  numericMetrics.filter((name) => available.includes(name));
