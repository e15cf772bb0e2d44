export interface OddsBarProps {
  low: number;
  likely: number;
  high: number;
  /** What came; null when nothing did yet. */
  came: number | null;
  /** The end of the scale. */
  most: number;
  energy: 'solar' | 'load';
}

/** A range with its middle and, as a dot, what came. Decorative: the words beside it say the same. */
export function OddsBar({ low, likely, high, came, most, energy }: OddsBarProps) {
  const at = (value: number): string => `${Math.round((Math.min(value, most) / most) * 9800) / 100 + 1}%`;
  const width = `${Math.max(0.6, Math.round(((high - low) / most) * 9800) / 100)}%`;
  return (
    <svg class={`odds-bar ${energy}`} width="100%" height="16" aria-hidden="true">
      <rect class="odds-track" y="7" width="100%" height="2" />
      <rect class="odds-band" x={at(low)} width={width} y="2" height="12" rx="2" />
      <line class="odds-middle" x1={at(likely)} x2={at(likely)} y1="1" y2="15" />
      {came !== null && <circle class="odds-dot" cx={at(came)} cy="8" r="4" />}
    </svg>
  );
}
