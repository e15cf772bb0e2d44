import { toZonedIso } from '../../core/wall-clock.ts';
import { toCsv } from '../../telemetry/csv.ts';
import type { ForecastView } from '../forecast-view.ts';
import { issueLevels } from '../issue.ts';
import { cameOver } from './combine-forecasts.ts';
import type { FanModel } from './fan-model.ts';

/** The steps that are shown, one a row: all quantiles, physics alone, and what was measured; W. */
export function forecastCsv({ steps, came }: FanModel, view: ForecastView): string {
  const { timeZone, subject } = view;
  const reference = subject.quantity === 'solar' ? 'physics alone (W)' : 'usual (W)';
  const watts = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);
  const levels = issueLevels.map((level) => `p${String(level * 100).padStart(2, '0')} (W)`);
  return toCsv([
    [`time (${timeZone})`, 'to', ...levels, reference, 'measured (W)', 'weather known', 'forecast issued'],
    ...steps.map((step) => [
      toZonedIso(step.from, timeZone),
      toZonedIso(step.to, timeZone),
      ...step.quantilesW.map(watts),
      watts(step.referenceW),
      watts(cameOver(came, step.from, step.to)),
      step.hasWeather ? 'yes' : 'no',
      step.to > view.issuedAt ? toZonedIso(view.issuedAt, timeZone) : 'before the day began',
    ]),
  ]);
}
