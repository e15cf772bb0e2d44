import { LinkButton } from './parts/button.tsx';
import { Notice } from './parts/notice.tsx';

export interface ErrorPageProps {
  status: number;
  title: string;
  message: string;
  hint?: string;
  /** The page in whose midst it happened: the way back, before the way home. */
  near?: { href: string; label: string };
  /** For what is our fault: the line in the log. */
  requestId?: string;
}

/** What happened, what was kept, what to do. */
export function ErrorPage({ status, message, hint, near, requestId }: ErrorPageProps) {
  return (
    <div class="error-page">
      <p class="error-message">{message}</p>
      {hint && <p>{hint}</p>}
      <p class="button-row">
        {near && (
          <LinkButton href={near.href} kind="primary">
            Go to the {near.label} page
          </LinkButton>
        )}
        <LinkButton href="/" kind={near ? 'plain' : 'primary'}>
          Go to the Live page
        </LinkButton>
      </p>
      <p class="error-reference">
        {status}
        {requestId && (
          <>
            {' · reference '}
            <code>{requestId}</code>
          </>
        )}
      </p>
    </div>
  );
}

/** The same for a piece of a page. */
export function ErrorNotice({ title, message, hint }: { title: string; message: string; hint?: string }) {
  return (
    <Notice kind="problem" title={title}>
      <p>{message}</p>
      {hint && <p>{hint}</p>}
    </Notice>
  );
}
