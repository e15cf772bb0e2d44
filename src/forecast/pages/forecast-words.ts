import { formatAge, formatDate, formatNumber, formatPower, joinShown } from '../../core/format.ts';
import type { DayView, ForecastState, ForecastView } from '../forecast-view.ts';
import type { ForecastQuantity } from '../issue.ts';
import type { ForecastReason, ReasonTopic } from '../reasons.ts';
import type { FanHour } from './fan-model.ts';

/** The sentences of the Forecast page. */

export const quantityWords: Record<ForecastQuantity, { tab: string; came: string; will: string; noun: string }> = {
  solar: { tab: 'Production', came: 'produced', will: 'come', noun: 'sun' },
  load: { tab: 'Consumption', came: 'used', will: 'be used', noun: 'consumption' },
};

export interface OddsText {
  low: string;
  likely: string;
  high: string;
}

/** "16", "9.4": odds of a day as exactly as they can be meant, and as they need to be told apart. kWh. */
export function oddsText({ p10Kwh, p50Kwh, p90Kwh }: DayOdds): OddsText {
  const digits = p90Kwh >= 10 && Math.round(p10Kwh) !== Math.round(p90Kwh) ? 0 : 1;
  const [low, likely, high] = [p10Kwh, p50Kwh, p90Kwh].map((kwh) => formatNumber(kwh, digits));
  return { low: low ?? '', likely: likely ?? '', high: high ?? '' };
}

/** "Today", "Tomorrow", "Wed 24 Nov"; of a forecast that is called back only dates. */
export function dayName({ from, to }: Pick<DayView, 'from' | 'to'>, now: number, timeZone: string): string {
  if (now >= from && now < to) return 'Today';
  if (from - now > 0 && from - now <= 90_000_000 && isNextDay(from, now, timeZone)) return 'Tomorrow';
  return formatDate((from + to) / 2, timeZone, 'weekdayMonth');
}

const isNextDay = (from: number, now: number, timeZone: string): boolean =>
  formatDate(from - 3_600_000, timeZone, 'dayMonth') === formatDate(now, timeZone, 'dayMonth');

/** True where no more is to come of a day: it is as good as over. */
export const isSettled = ({ p10Kwh, p90Kwh, cameKwh }: Pick<DayView, 'p10Kwh' | 'p90Kwh' | 'cameKwh'>): boolean =>
  cameKwh !== null && p90Kwh - p10Kwh < NEXT_TO_NOTHING && p90Kwh - cameKwh < NEXT_TO_NOTHING;

/** kWh. */
const NEXT_TO_NOTHING = 0.1;

/** "Today most likely 16 kWh, between 12 and 19"; of a day that is as good as over what it was, and what follows. */
export function headlineOf(view: ForecastView, day: DayView, now: number): string {
  const { timeZone } = view;
  const name = dayName(day, now, timeZone);
  if (day.cameKwh === null || !isSettled(day)) return `${name} ${oddsWords(day)}`;
  const next = dayAfter(view, day, now);
  const came = `${name} ${formatNumber(day.cameKwh, 1)} kWh`;
  return next ? `${came}. ${dayName(next, now, timeZone)} ${oddsWords(next)}` : came;
}

/** The day that a headline goes on with; undefined once the day itself is over. */
const dayAfter = (view: ForecastView, day: DayView, now: number): DayView | undefined =>
  now < day.to ? view.days[view.days.indexOf(day) + 1] : undefined;

type DayOdds = Pick<DayView, 'p10Kwh' | 'p50Kwh' | 'p90Kwh'>;

const isNothing = ({ p90Kwh }: DayOdds): boolean => p90Kwh < 0.05;

/** Whether what is told of a day's odds names a band. */
function namesBand(day: DayOdds): boolean {
  const { low, high } = oddsText(day);
  return !isNothing(day) && low !== high;
}

/** "most likely 16 kWh, between 12 and 19" */
export function oddsWords(day: DayOdds): string {
  const { low, likely, high } = oddsText(day);
  if (isNothing(day)) return 'next to nothing';
  return namesBand(day) ? `most likely ${likely} kWh, between ${low} and ${high}` : `about ${likely} kWh`;
}

/** What the odds mean, and what of the day has come. */
export function leadOf(view: ForecastView, day: DayView, now: number): string {
  const { came } = quantityWords[view.subject.quantity];
  const told = day.cameKwh !== null && isSettled(day) ? dayAfter(view, day, now) : day;
  const meaning = told && namesBand(told) ? '8 days in 10 end between the two.' : '';
  if (day.cameKwh === null) return meaning;
  const kwh = `${formatNumber(day.cameKwh, 1)} kWh`;
  if (now < day.to) {
    // Measured in whole steps, so it is a little behind what the Live page counts: say until when.
    const until = view.came.findLast(({ from }) => from < day.to)?.to ?? view.issuedAt;
    return isSettled(day)
      ? meaning
      : `${meaning} ${kwh} ${came} until ${formatDate(until, view.timeZone, 'time')}.`.trim();
  }
  const isInside = day.cameKwh >= day.p10Kwh && day.cameKwh <= day.p90Kwh;
  return `${kwh} ${came} in the end, ${isInside ? 'within' : 'outside'} the band that holds 8 days in 10.`;
}

/** "Wed 25 Nov 14:00 to 15:00" */
export function hourName({ from, to }: Pick<FanHour, 'from' | 'to'>, timeZone: string): string {
  return `${formatDate(from, timeZone, 'dateTime')} to ${formatDate(to, timeZone, 'time')}`;
}

const watts = (value: number): string => joinShown(formatPower(value)).replace('\u00a0', ' ');

/** An hour in a sentence, for the fixed place and for screen readers. */
export function hourSentence({ step, cameW, ...hour }: FanHour, timeZone: string): string {
  const name = hourName(hour, timeZone);
  const measured = cameW === null ? '' : `; measured ${watts(cameW)}`;
  if (step.p90W < 0.5) return `${name}: nothing${measured}`;
  return `${name}: most likely ${watts(step.p50W)}, between ${watts(step.p10W)} and ${watts(step.p90W)}${measured}`;
}

const topicWords: Record<ReasonTopic, { name: string; hint: string }> = {
  light: { name: 'The light', hint: 'what the weather says reaches the panels' },
  clouds: { name: 'Clouds', hint: 'how much of the sky they cover, and how high' },
  temperature: { name: 'Temperature', hint: 'warm panels give less' },
  humidity: { name: 'Humidity and haze', hint: 'damp air swallows light' },
  'rain and snow': { name: 'Rain and snow', hint: 'as they are told' },
  'wind and pressure': { name: 'Wind and air pressure', hint: 'wind cools panels; pressure tells of fair weather' },
  'recent days': { name: 'The days before', hint: 'what came at this hour of them' },
  'recent performance': { name: 'How it did lately', hint: 'what came of what was to be expected' },
  'last hours': { name: 'The last hours', hint: 'how they went against their forecast' },
  sun: { name: 'The place of the sun', hint: 'its height and direction, and the time of year' },
  'time of day': { name: 'The time of day', hint: 'what is usual then' },
  'day of the week': { name: 'The day of the week', hint: 'weekdays and weekends differ' },
};

/** What means something else for a house than for panels. */
const loadHints: Partial<Record<ReasonTopic, string>> = {
  light: 'how light it is outside',
  temperature: 'what heating and cooling take',
  sun: 'how light it is outside, and the time of year',
  'wind and pressure': 'as they are told',
};

/** One thing that moved an hour, for people. */
export interface ReasonText {
  name: string;
  hint: string;
  /** "adds 320 W", "takes 1.20 kW". */
  effect: string;
  effectW: number;
}

export function reasonTexts(reasons: readonly ForecastReason[], quantity: ForecastQuantity): ReasonText[] {
  return reasons.slice(0, 3).map(({ topic, effectW }) => ({
    name: topicWords[topic].name,
    hint: (quantity === 'load' ? loadHints[topic] : undefined) ?? topicWords[topic].hint,
    effect: `${effectW < 0 ? 'takes' : 'adds'} ${watts(Math.abs(effectW))}`,
    effectW,
  }));
}

/** Why an hour has no reasons. */
export function noReasons(
  { step }: FanHour,
  state: ForecastState,
  quantity: ForecastQuantity,
  issuedAt: number,
): string {
  if (step.p90W < 0.5 && quantity === 'solar') return 'The sun is down.';
  if (step.to <= issuedAt) return 'It was over when this forecast was made.';
  if (state.basis === 'physics')
    return quantity === 'solar'
      ? 'It follows from the place of the sun, the panels and the light alone: nothing has been learned here yet.'
      : 'It is what is usual at this hour: nothing has been learned here yet.';
  return 'Nothing moved it noticeably away from what is usual at this hour, or it is too far ahead to tell.';
}

/** What a forecast rests on, in a sentence or two. */
export function basisWords(state: ForecastState, quantity: ForecastQuantity): string {
  if (state.basis === 'learned') return 'Made by a model that learned from this very place.';
  const alone = quantity === 'solar' ? 'the panels and the sun alone' : 'what is usual here alone';
  return state.isLearning
    ? `Made from ${alone}; what was measured is being learned from right now.`
    : `Made from ${alone}; learning begins when a few days have been measured.`;
}

/** "Made 12 min ago from weather fetched 40 min ago." */
export function ageWords(view: ForecastView, now: number): string {
  const { weatherAt } = view.state;
  const made = `Made ${formatAge(now - view.issuedAt)}`;
  if (weatherAt === null) return `${made}, without weather.`;
  return `${made} from weather fetched ${formatAge(now - weatherAt)}.`;
}
