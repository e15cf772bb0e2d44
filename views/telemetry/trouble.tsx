import { Notice } from '../parts/index.ts';

/** What people see while the telemetry database is not open: what is missing, what was kept, what to do. */
export function TelemetryTrouble({ isAdmin }: { isAdmin: boolean }) {
  return (
    <Notice kind="problem" title="What was measured before cannot be shown">
      <p>
        The telemetry database is not open. Nothing of it was deleted, and what your devices send now is kept safely: it
        will be there once the database is mended.{' '}
        {isAdmin ? (
          <>
            <a href="/system">System</a> says what is wrong and what to do.
          </>
        ) : (
          'Tell whoever looks after this Ampra.'
        )}
      </p>
    </Notice>
  );
}
