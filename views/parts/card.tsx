import type { Child } from 'hono/jsx';

export interface CardProps {
  title?: string;
  /** A short line beside or under the title. */
  lead?: Child;
  /** Buttons or links at the title's end. */
  actions?: Child;
  id?: string;
  /** `danger` frames what cannot be undone. */
  kind?: 'plain' | 'danger';
  level?: 2 | 3;
  children?: Child;
}

/** One group of things, framed by a line. */
export function Card({ title, lead, actions, id, kind = 'plain', level = 2, children }: CardProps) {
  const Heading = `h${level}` as 'h2' | 'h3';
  return (
    <section class={`card card-${kind}`} {...(id ? { id } : {})}>
      {(title || actions) && (
        <header class="card-head">
          <div>
            {title && <Heading class="card-title">{title}</Heading>}
            {lead && <p class="card-lead">{lead}</p>}
          </div>
          {actions && <div class="card-actions">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Cards beside each other where there is room. */
export function CardGrid({ children }: { children?: Child }) {
  return <div class="card-grid">{children}</div>;
}

/** Pairs of a name and a value. */
export function Facts({ items }: { items: readonly (readonly [name: Child, value: Child])[] }) {
  return (
    <dl class="facts">
      {items.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
