import type { NumericMetric } from '../../core/metrics.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { isPower, unitOf } from '../metric-look.ts';
import { isLong } from './history-combine.ts';

/** Which lines share a panel, and which of them count by an axis of their own on its right. */
export interface PanelPlan<L> {
  left: L[];
  right: L[];
}

/** How tall a panel is: the style sheet knows the pixels, so that phone and wall each get their own. */
export type PanelSize = 'alone' | 'tall' | 'low';

interface Wish {
  range: TimeSpan;
  /** True if lines of two units lie over each other, with an axis on either side. */
  isTogether: boolean;
}

/** Lines of one unit share a panel; over months each power is alone, so that its band can be read. */
export function planPanels<L extends { metric: NumericMetric }>(lines: readonly L[], wish: Wish): PanelPlan<L>[] {
  const units = [...new Set(lines.map((line) => unitOf(line.metric)))];
  const ofUnit = (unit: string | undefined) => lines.filter((line) => unitOf(line.metric) === unit);
  if (wish.isTogether && units.length === 2) return [{ left: ofUnit(units[0]), right: ofUnit(units[1]) }];
  return units.flatMap((unit) => {
    const alike = ofUnit(unit);
    const groups = isLong(wish.range) && isPower(unit) ? alike.map((line) => [line]) : [alike];
    return groups.map((left) => ({ left, right: [] }));
  });
}

/** Its size from its place among `count` panels. */
export function panelSize(index: number, count: number): PanelSize {
  if (count === 1) return 'alone';
  return index === 0 ? 'tall' : 'low';
}
