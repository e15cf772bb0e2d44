import type { Child } from 'hono/jsx';
import { LinkButton } from './button.tsx';
import { Notice } from './notice.tsx';
import { Table } from './table.tsx';

export interface Difference {
  label: string;
  /** As saved by the other person. */
  theirs: string;
  /** As typed here. */
  yours: string;
}

/** The fields that differ, in the order of `labels`; values as text, as they stand in the form. */
export function differences(
  labels: Readonly<Record<string, string>>,
  theirs: Readonly<Record<string, unknown>>,
  yours: Readonly<Record<string, unknown>>,
): Difference[] {
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  return Object.entries(labels)
    .map(([name, label]) => ({ label, theirs: text(theirs[name]), yours: text(yours[name]) }))
    .filter((d) => d.theirs !== d.yours);
}

export interface StaleNoticeProps {
  /** What was edited: "This source". */
  what: string;
  /** Who saved it meanwhile, when known: "Bob". */
  changedBy?: string;
  /** "2 minutes ago". */
  changedWhen?: string;
  differences: readonly Difference[];
  /** The edit page, to begin again with what was saved. */
  reloadHref: string;
  children?: Child;
}

/**
 * Stands above a form that was edited in two places. The form below it keeps what was typed and carries the new
 * version, so that saving again is a decision and not an accident.
 */
export function StaleNotice(props: StaleNoticeProps) {
  const { what, changedBy, changedWhen, reloadHref, children } = props;
  return (
    <Notice kind="problem" title={`${what} was changed meanwhile`}>
      <p>
        {changedBy ?? 'Someone'} saved it{changedWhen ? ` ${changedWhen}` : ''}, after you had opened this page. What
        you typed is still below and not saved yet.
      </p>
      {props.differences.length > 0 && (
        <Table
          caption="What differs"
          rows={props.differences}
          columns={[
            { label: 'Field', isHeader: true, cell: (d) => d.label },
            { label: 'Saved meanwhile', cell: (d) => d.theirs || 'empty' },
            { label: 'Typed by you', cell: (d) => d.yours || 'empty' },
          ]}
        />
      )}
      {children}
      <p class="button-row">
        <LinkButton href={reloadHref} small>
          Begin again with what was saved
        </LinkButton>
      </p>
    </Notice>
  );
}
