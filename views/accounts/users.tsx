import { roleNames, type User } from '../../src/accounts/user.ts';
import { formatAge } from '../../src/core/format.ts';
import { Badge, Button, Card, CopyField, Form, FormActions, LinkButton, Notice, Table } from '../parts/index.ts';

export interface UsersPageProps {
  /** ms UTC. */
  now: number;
  users: readonly User[];
  viewerId: string;
  isOpen: boolean;
  hasMail: boolean;
}

export function UsersPage({ now, users, viewerId, isOpen, hasMail }: UsersPageProps) {
  return (
    <div class="stack">
      <Table
        caption="Users"
        rows={users}
        columns={[
          {
            label: 'Name',
            isHeader: true,
            cell: (u) => (
              <a href={u.id === viewerId ? '/account' : `/users/${u.id}`}>
                {u.name}
                {u.id === viewerId && ' (you)'}
              </a>
            ),
          },
          { label: 'E-mail', cell: (u) => u.email },
          { label: 'Role', cell: (u) => roleNames[u.role] },
          { label: 'State', cell: (u) => <UserState user={u} /> },
          { label: 'Last seen', cell: (u) => (u.lastSeenAt === null ? '-' : formatAge(now - u.lastSeenAt)) },
        ]}
      />
      <Registration isOpen={isOpen} hasMail={hasMail} />
      <p>
        <LinkButton href="/system/audit" icon="history">
          Who did what
        </LinkButton>
      </p>
    </div>
  );
}

/** Where an account stands, by a sign and a word. */
export function UserState({ user }: { user: User }) {
  if (!user.isActive) return <Badge kind="off">Off</Badge>;
  if (!user.hasPassword) return <Badge kind="waiting">Invited</Badge>;
  if (user.verifiedAt === null) return <Badge kind="waiting">Not confirmed</Badge>;
  return <Badge kind="ok">Active</Badge>;
}

function Registration({ isOpen, hasMail }: { isOpen: boolean; hasMail: boolean }) {
  const lead = isOpen ? 'Everybody who reaches these pages can make an account.' : 'Only administrators make accounts.';
  return (
    <Card title="Registration" lead={lead}>
      {hasMail ? (
        <Form action="/users/registration">
          <input type="hidden" name="isOpen" value={isOpen ? 'no' : 'yes'} />
          <FormActions>
            <Button>{isOpen ? 'Close registration' : 'Let people register'}</Button>
          </FormActions>
        </Form>
      ) : (
        <p class="hint">
          To let people register, give Ampra a mail server (AMPRA_SMTP_URL): addresses are proved by a code.
        </p>
      )}
    </Card>
  );
}

export function InvitePage({ user, link }: { user: User; link: string }) {
  return (
    <div class="stack">
      <Card>
        <CopyField label="One-time link" value={link} />
        <Notice>
          Whoever opens it chooses the password of {user.email}.{' '}
          {user.hasPassword && 'Until then the present one works.'}
        </Notice>
      </Card>
      <p>
        <LinkButton href="/users" kind="primary">
          Done
        </LinkButton>
      </p>
    </div>
  );
}
