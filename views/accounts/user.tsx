import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { roleNames, type User } from '../../src/accounts/user.ts';
import type { Role } from '../../src/accounts/viewer.ts';
import { formatAge } from '../../src/core/format.ts';
import { Button, Card, CheckField, Facts, Field, Form, FormActions, LinkButton, Notice } from '../parts/index.ts';
import { RoleField } from './new-user.tsx';
import { UserState } from './users.tsx';

export interface UserPageProps {
  user: User;
  roles: readonly Role[];
  isSelf: boolean;
  errors: FormErrors;
  /** ms UTC. */
  now: number;
}

export function UserPage({ user, roles, isSelf, errors, now }: UserPageProps) {
  return (
    <div class="stack">
      <Card>
        <Facts
          items={[
            ['Role', roleNames[user.role]],
            ['State', <UserState user={user} />],
            ['Last seen', user.lastSeenAt === null ? 'never' : formatAge(now - user.lastSeenAt)],
          ]}
        />
      </Card>
      <Card title="Change">
        <Form
          action={`/users/${user.id}`}
          version={user.version}
          guardsChanges
          {...(errors.whole ? { error: errors.whole } : {})}
        >
          <Field name="name" label="Name" value={user.name} maxlength={100} required error={errors.fields.name} />
          {!isSelf && <RoleField value={user.role} roles={roles} error={errors.fields.role} />}
          {!isSelf && (
            <CheckField
              name="isActive"
              label="May sign in"
              hint="Switched off, everything stays, but nobody gets in. Open sessions end."
              checked={user.isActive}
            />
          )}
          <FormActions>
            <Button kind="primary">Save</Button>
            <LinkButton href="/users">Back</LinkButton>
          </FormActions>
        </Form>
      </Card>
      {!isSelf && (
        <Card title="One-time link" lead="For somebody who lost their password or their first link.">
          <Form action={`/users/${user.id}/invite`}>
            <FormActions>
              <Button icon="key">Make a link</Button>
            </FormActions>
          </Form>
        </Card>
      )}
      {!isSelf && (
        <Card title="Delete" kind="danger" lead="The account, its sources and every reading of them.">
          <LinkButton href={`/users/${user.id}/delete`} kind="danger" icon="trash">
            Delete this user
          </LinkButton>
        </Card>
      )}
    </div>
  );
}

export function DeleteUserPage({ user, errors }: { user: User; errors: FormErrors }) {
  return (
    <Card kind="danger">
      <Form action={`/users/${user.id}/delete`} autocomplete="off" {...(errors.whole ? { error: errors.whole } : {})}>
        <Notice kind="problem">
          This deletes the account, its groups and sources, and every reading they ever sent. There is no way back but a
          backup.
        </Notice>
        <Field
          name="confirmation"
          label={`Type ${user.email} to go on`}
          autocomplete="off"
          spellcheck={false}
          required
          error={errors.fields.confirmation}
        />
        <FormActions>
          <Button kind="danger" icon="trash">
            Delete {user.name}
          </Button>
          <LinkButton href={`/users/${user.id}`}>Keep</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}
