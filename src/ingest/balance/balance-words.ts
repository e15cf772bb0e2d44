import { findMetric } from '../../core/metrics.ts';

interface Finding {
  sourceId: string;
  metric: string;
  factor: number;
}

/** "Battery power has the wrong sign", with `nameOf` also whose: "Battery power of “Garage” ...". */
export function findingTitle(findings: readonly Finding[], nameOf?: (sourceId: string) => string): string {
  return findings.map((finding) => `${subjectOf(finding, nameOf)} ${fault(finding.factor)}`).join(', and ');
}

/** "Battery power", with `nameOf` also whose. */
export function subjectOf({ sourceId, metric }: Finding, nameOf?: (sourceId: string) => string): string {
  return nameOf ? `${labelOf(metric)} of “${nameOf(sourceId)}”` : labelOf(metric);
}

function fault(factor: number): string {
  const size = Math.abs(factor);
  const unit = size > 1 ? `is ${size} times too small` : `is ${Math.round(1 / size)} times too large`;
  if (size === 1) return 'has the wrong sign';
  return factor < 0 ? `${unit} and has the wrong sign` : unit;
}

/** "turn the sign", "times 1000". */
export function factorWords(factor: number): string {
  const size = Math.abs(factor);
  const times = size === 1 ? '' : size > 1 ? `times ${size}` : `divided by ${Math.round(1 / size)}`;
  return [factor < 0 ? 'the sign turned' : '', times].filter(Boolean).join(', ');
}

/** A metric as people call it. */
export const labelOf = (metric: string) => findMetric(metric)?.label ?? metric;
