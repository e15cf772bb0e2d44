import { formatAge, formatNumber, formatPower, joinShown } from '../../core/format.ts';
import type { ModelsView } from '../forecast-view.ts';
import type { ModelCard } from '../model-card.ts';

/** The sentences of the Model page. */

export function modelHeadline({ serving }: ModelsView, now: number): string {
  if (!serving) return 'Nothing learned serves yet';
  return `Learned from ${formatNumber(serving.card.window.days)} days, ${formatAge(now - serving.madeAt)}`;
}

export function modelLead({ serving, subject }: ModelsView): string {
  const alone = subject.quantity === 'solar' ? 'Physics alone' : 'What is usual';
  if (!serving) return `${alone} serves until a few days have been measured, and whenever learning does not do better.`;
  const { challenger, baselines } = serving.card.trial;
  const share = baselines.reference > 0 ? 1 - challenger.mae / baselines.reference : 0;
  const than = `${alone.toLowerCase()} (${power(baselines.reference)})`;
  return `Tried a day ahead it was off by ${power(challenger.mae)} on average, ${
    Math.abs(share) < 0.01
      ? `as much as ${than}.`
      : `${formatNumber(Math.abs(share) * 100)} % ${share > 0 ? 'less' : 'more'} than ${than}.`
  }`;
}

/** What its trial decided. */
export function trialWords({ quantity, trial }: ModelCard): string {
  const alone = quantity === 'solar' ? 'physics alone' : 'what is usual';
  const own = power(trial.challenger.mae);
  const before = trial.champion ? power(trial.champion.mae) : '';
  const days = `On the last ${trial.challenger.days} days`;
  switch (trial.verdict) {
    case 'better':
      return `${days} it was off by ${own}, the one before by ${before}: it serves in its place.`;
    case 'worse':
      return `${days} it was off by ${own}, the one that serves by ${before}: that one stays.`;
    case 'onlyOne':
      return `${days} it was off by ${own}, ${alone} by ${power(trial.baselines.reference)}: it serves, as there was nothing else that had learned.`;
    case 'physics':
      return `${days} it was off by ${own}, ${alone} by ${power(trial.baselines.reference)}: ${alone} serves.`;
  }
}

export function weatherWords({ weather }: ModelCard): string {
  if (!weather) return 'none known';
  const told = Math.round(weather.toldShare * 100);
  return `${formatNumber(weather.hours)} h, ${told} % of it as forecasts had told it, the rest as it turned out`;
}

const power = (watts: number): string => joinShown(formatPower(watts)).replace('\u00a0', ' ');
