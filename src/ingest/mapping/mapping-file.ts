import { findMetric } from '../../core/metrics.ts';
import { type Result, refuse } from '../../core/result.ts';
import { asObject } from '../payload/message-view.ts';
import { type MappingRule, readRules } from './mapping.ts';

/** What a mapping file says it is. */
export const MAPPING_FORMAT = 'ampra-mapping-1';

export interface MappingFile {
  format: typeof MAPPING_FORMAT;
  rules: MappingRule[];
}

/** A source's rules for another one: a level that is the source's own id stands for any, or nothing would be found there. */
export function mappingFileOf(sourceId: string, rules: readonly MappingRule[]): MappingFile {
  const anyones = (topic: string) =>
    topic
      .split('/')
      .map((level) => (level === sourceId ? '+' : level))
      .join('/');
  return { format: MAPPING_FORMAT, rules: rules.map((rule) => ({ ...rule, topic: anyones(rule.topic) })) };
}

/** Reads a mapping file: `{ format, rules }`. */
export function readMappingFile(text: string): Result<MappingRule[]> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return refuse('invalid', 'The file is not JSON.', { field: 'file' });
  }
  if (asObject(file)?.format !== MAPPING_FORMAT)
    return refuse('invalid', `The file is no mapping: its format must be "${MAPPING_FORMAT}".`, { field: 'format' });
  return readRules(asObject(file)?.rules);
}

/** What earlier rules said and these say no more, by its label: what was stored of it stays. */
export function givenUp(before: readonly MappingRule[], now: readonly MappingRule[]): string[] {
  const kept = new Set(now.map(({ metric }) => metric));
  const gone = new Set(before.map(({ metric }) => metric).filter((metric) => !kept.has(metric)));
  return [...gone].flatMap((metric) => findMetric(metric)?.label ?? []);
}
