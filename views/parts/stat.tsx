import type { Child } from 'hono/jsx';
import type { Energy } from './badge.tsx';
import { EnergyMark } from './badge.tsx';

export interface StatProps {
  label: string;
  /** The figure as shown, already formatted; null or undefined is "-". */
  value: string | null | undefined;
  unit?: string;
  energy?: Energy;
  /** `fresh` is plain, `ageing` fades, `stale` shows `age` in the value's place. */
  freshness?: 'fresh' | 'ageing' | 'stale';
  /** "12 min ago". */
  age?: string;
  /** Where the number comes from, when it is not simply measured: a dot that explains itself. */
  derived?: string;
  /** An estimate carries "about". */
  isEstimate?: boolean;
  /** A short line under the value. */
  note?: Child;
  size?: 'small' | 'normal' | 'large' | 'hero';
  id?: string;
}

/** A number with its unit and its age. */
export function Stat(props: StatProps) {
  const {
    label,
    value,
    unit,
    energy,
    freshness = 'fresh',
    age,
    derived,
    isEstimate,
    note,
    size = 'normal',
    id,
  } = props;
  const isKnown = value !== null && value !== undefined;
  return (
    <div class={`stat stat-${size} is-${freshness}`} {...(id ? { id } : {})}>
      <p class="stat-label">
        {energy && <EnergyMark energy={energy} />}
        {label}
        {derived && <Derived why={derived} />}
      </p>
      {freshness === 'stale' && age ? (
        <p class="stat-value stat-stale">{age}</p>
      ) : (
        <p class="stat-value">
          {isEstimate && isKnown && <span class="stat-about">about</span>}
          <span class="stat-number">{isKnown ? value : '-'}</span>
          {unit && isKnown && <span class="stat-unit">{unit}</span>}
        </p>
      )}
      {note && <p class="stat-note">{note}</p>}
    </div>
  );
}

/** Stats in a row that wraps. */
export function StatRow({ children }: { children?: Child }) {
  return <div class="stat-row">{children}</div>;
}

/** The dot of a derived value: says where it comes from on touch, hover and focus. */
export function Derived({ why }: { why: string }) {
  return (
    <button type="button" class="derived" aria-label={why} data-tip={why}>
      <span aria-hidden="true">•</span>
    </button>
  );
}
