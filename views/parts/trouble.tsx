import { Notice } from './notice.tsx';
import { type Difference, StaleNotice } from './stale-notice.tsx';

/** A refusal of the whole form; with `differences` when somebody else saved meanwhile. */
export interface FormProblem {
  message: string;
  hint?: string | undefined;
  differences?: readonly Difference[];
}

/** Why the whole form was not taken; after a clash, what differs. */
export function FormTrouble({ problem, what, reloadHref }: { problem: FormProblem; what: string; reloadHref: string }) {
  if (problem.differences) return <StaleNotice what={what} differences={problem.differences} reloadHref={reloadHref} />;
  return (
    <Notice kind="problem" title={problem.message}>
      {problem.hint && <p>{problem.hint}</p>}
    </Notice>
  );
}
