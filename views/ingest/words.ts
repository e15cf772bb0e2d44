import { formatQuantity, joinShown } from '../../src/core/format.ts';
import { metrics } from '../../src/core/metrics.ts';
import type { MetricValues } from '../../src/core/reading.ts';

/** Values in the catalogue's order with their units, for a list. */
export function shownValues(values: MetricValues): { name: string; label: string; text: string }[] {
  return metrics.flatMap((metric) => {
    const value = values[metric.name];
    if (value === undefined) return [];
    const text = typeof value === 'number' ? joinShown(formatQuantity(value, metric.unit)) : [value].flat().join(', ');
    return [{ name: metric.name, label: metric.label, text: text || 'none' }];
  });
}

/** "certain", "quite sure": a number says more than there is to say. */
export function surenessWord(sureness: number): string {
  if (sureness >= 0.9) return 'certain';
  if (sureness >= 0.75) return 'quite sure';
  return sureness >= 0.5 ? 'likely' : 'a guess';
}

const LONGEST_TOPIC = 160;

/** A topic or filter for people; MQTT allows 65,535 bytes. */
export const shownTopic = (topic: string): string =>
  topic.length > LONGEST_TOPIC ? `${topic.slice(0, LONGEST_TOPIC)} …` : topic;
