import type { Child } from 'hono/jsx';

/** `alert` only for what needs a hand now; the states are told apart by a sign, not by colour alone. */
export type BadgeKind = 'plain' | 'ok' | 'waiting' | 'off' | 'alert';

export function Badge({ kind = 'plain', children }: { kind?: BadgeKind; children?: Child }) {
  return <span class={`badge badge-${kind}`}>{children}</span>;
}

/** The five kinds of energy. The only colours of the product. */
export type Energy = 'solar' | 'battery' | 'load' | 'grid' | 'generator';

/** A small mark in the colour and shape of an energy kind, before its name. */
export function EnergyMark({ energy }: { energy: Energy }) {
  return (
    <svg class={`energy-mark ${energy}`} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      {energy === 'solar' && <circle cx="5" cy="5" r="5" />}
      {energy === 'battery' && <path d="M1 0h8v10H1z" />}
      {energy === 'load' && <path d="M5 0l5 10H0z" />}
      {energy === 'grid' && <path d="M5 0l5 5-5 5-5-5z" />}
      {energy === 'generator' && <path d="M0 2h10v2.4H0zM0 6h10v2.4H0z" />}
    </svg>
  );
}
