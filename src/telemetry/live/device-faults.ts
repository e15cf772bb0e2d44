import { hours } from '../../core/durations.ts';
import { formatDate, listWords } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { LatestReading } from '../figures.ts';
import type { FreshnessLimits } from './freshness.ts';

/** What a device itself says is wrong, in its own words. */
export interface ToldFault {
  sourceId: string;
  kind: 'fault' | 'warning';
  /** "Roof inverter reports the fault F04." */
  sentence: string;
  /** False when the device went on with other things since. */
  isNow: boolean;
  /** When it said so, on the clock of its place: "01:48". */
  at: string;
}

interface FaultInput {
  now: number;
  sources: readonly { id: string; name: string; timeZone: string }[];
  latest(sourceId: string): LatestReading | undefined;
  limitsOf(sourceId: string, metric: MetricName): FreshnessLimits;
}

/** Who says a thing once and never takes it back is not believed for longer. ms. */
const BELIEVED_MS = hours(24);
/** Codes that have room in a sentence. */
const MOST_NAMED = 4;

/** Faults and warnings of these sources, each source's gravest first; a device that says that there is none is not named. */
export function toldFaults({ now, sources, latest, limitsOf }: FaultInput): ToldFault[] {
  return sources.flatMap((source) => {
    const said = latest(source.id);
    if (!said) return [];
    return wordsOf(source.name, said).flatMap(({ metric, kind, sentence }): ToldFault[] => {
      const time = said.times[metric] ?? said.time;
      if (now - time >= BELIEVED_MS) return [];
      // Silent devices are not believed less: what they said last may be why.
      const isNow = said.time - time < limitsOf(source.id, metric).staleMs;
      return [{ sourceId: source.id, kind, sentence, isNow, at: formatDate(time, source.timeZone, 'time') }];
    });
  });
}

type Words = Pick<ToldFault, 'kind' | 'sentence'> & { metric: MetricName };

function wordsOf(name: string, { values }: LatestReading): Words[] {
  const { faultCodes = [], warningCodes = [] } = values;
  const words: Words[] = [];
  if (faultCodes.length > 0) {
    const sentence = `${name} reports the ${faultCodes.length === 1 ? 'fault' : 'faults'} ${named(faultCodes)}.`;
    words.push({ metric: 'faultCodes', kind: 'fault', sentence });
  }
  if (warningCodes.length > 0)
    words.push({ metric: 'warningCodes', kind: 'warning', sentence: `${name} warns: ${named(warningCodes)}.` });
  return words.length > 0 ? words : sayState(name, values);
}

const named = (codes: readonly string[]): string => {
  const all = codes.map(String);
  if (all.length <= MOST_NAMED + 1) return listWords(all);
  return listWords([...all.slice(0, MOST_NAMED), `${all.length - MOST_NAMED} more`]);
};

/** A mode or a status that is itself a fault: "Fault", "Fault mode", "Alarm: 3"; not "No fault". */
function sayState(name: string, values: LatestReading['values']): Words[] {
  for (const metric of ['operatingMode', 'deviceStatus'] as const) {
    const text = values[metric] ?? '';
    const kind = stateKinds.find(([pattern]) => pattern.test(text))?.[1];
    if (kind) return [{ metric, kind, sentence: `${name} says of itself: “${text}”.` }];
  }
  return [];
}

const stateKinds = [
  [/^(fault|error)\b/i, 'fault'],
  [/^(alarm|warning)\b/i, 'warning'],
] as const;
