import { type AuditEntry, auditSentence } from '../../src/accounts/audit.ts';
import { deviceName } from '../../src/accounts/device.ts';
import type { FormErrors } from '../../src/accounts/form-errors.ts';
import type { Session } from '../../src/accounts/session.ts';
import type { User } from '../../src/accounts/user.ts';
import { formatAge, formatDate } from '../../src/core/format.ts';
import { Badge, Button, Card, Field, Form, FormActions, Notice, Table } from '../parts/index.ts';
import { AccountTabs } from './account-tabs.tsx';
import { NewPasswordField } from './new-password-field.tsx';

export interface SecurityPageProps {
  /** ms UTC. */
  now: number;
  timeZone: string;
  user: User;
  sessions: readonly Session[];
  currentSessionId: string;
  activity: readonly AuditEntry[];
  typedEmail: string;
  passwordErrors: FormErrors;
  emailErrors: FormErrors;
  hasMail: boolean;
}

export function SecurityPage(props: SecurityPageProps) {
  return (
    <div class="stack">
      <AccountTabs active="security" />
      <Sessions {...props} />
      <PasswordCard email={props.user.email} errors={props.passwordErrors} />
      <EmailCard {...props} />
      <Activity {...props} />
    </div>
  );
}

function Sessions({ now, sessions, currentSessionId }: SecurityPageProps) {
  const others = sessions.filter((s) => s.id !== currentSessionId).length;
  return (
    <Card
      title="Where you are signed in"
      actions={
        others > 0 && (
          <Form action="/account/sessions/end-others">
            <Button small>Sign out everywhere else</Button>
          </Form>
        )
      }
    >
      <Table
        caption="Sessions"
        rows={sessions}
        columns={[
          { label: 'Device', isHeader: true, cell: (s) => deviceName(s.userAgent) },
          { label: 'Address', cell: (s) => <span class="mono">{s.address}</span> },
          { label: 'Last seen', cell: (s) => (s.id === currentSessionId ? 'now' : formatAge(now - s.lastSeenAt)) },
          {
            label: '',
            cell: (s) =>
              s.id === currentSessionId ? (
                <Badge kind="ok">This one</Badge>
              ) : (
                <Form action={`/account/sessions/${s.id}/end`}>
                  <Button small aria-label={`Sign out ${deviceName(s.userAgent)}`}>
                    Sign out
                  </Button>
                </Form>
              ),
          },
        ]}
      />
    </Card>
  );
}

function PasswordCard({ email, errors }: { email: string; errors: FormErrors }) {
  return (
    <Card title="Password" id="password">
      <Form action="/account/password" {...(errors.whole ? { error: errors.whole } : {})}>
        <input type="hidden" name="username" value={email} autocomplete="username" />
        <Field
          name="current"
          label="Present password"
          type="password"
          autocomplete="current-password"
          required
          error={errors.fields.current}
        />
        <NewPasswordField name="next" label="New password" error={errors.fields.next} />
        <p class="hint">Every other place is signed out. Access tokens go on working.</p>
        <FormActions>
          <Button kind="primary">Change the password</Button>
        </FormActions>
      </Form>
    </Card>
  );
}

function EmailCard({ user, typedEmail, emailErrors, hasMail }: SecurityPageProps) {
  return (
    <Card title="E-mail" lead={user.email} id="email">
      {user.pendingEmail && (
        <Notice>
          {user.pendingEmail} waits for its code. <a href="/verify">Type it</a>
        </Notice>
      )}
      <Form action="/account/email" {...(emailErrors.whole ? { error: emailErrors.whole } : {})}>
        <Field
          name="email"
          id="new-email"
          label="New address"
          type="email"
          value={typedEmail}
          autocomplete="email"
          required
          hint={
            hasMail ? 'We send a code to it. Until then the present one counts.' : 'You sign in with it from then on.'
          }
          error={emailErrors.fields.email}
        />
        <Field
          name="password"
          id="email-password"
          label="Your password"
          type="password"
          autocomplete="current-password"
          required
          error={emailErrors.fields.password}
        />
        <FormActions>
          <Button>Change the address</Button>
        </FormActions>
      </Form>
    </Card>
  );
}

function Activity({ activity, timeZone }: SecurityPageProps) {
  if (activity.length === 0) return null;
  return (
    <Card title="What you did lately">
      <Table
        caption="Your latest activity"
        rows={activity}
        columns={[
          { label: 'What', isHeader: true, cell: (e) => auditSentence(e.action) },
          { label: 'When', cell: (e) => formatDate(e.time, timeZone, 'dateTime') },
          { label: 'From', cell: (e) => <span class="mono">{e.address}</span> },
        ]}
      />
    </Card>
  );
}
