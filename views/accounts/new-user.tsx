import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { roleNames } from '../../src/accounts/user.ts';
import type { Role } from '../../src/accounts/viewer.ts';
import { Button, Card, Field, Form, FormActions, LinkButton, RadioField } from '../parts/index.ts';

export interface NewUserTyped {
  name: string;
  email: string;
  role: string;
  way: 'invite' | 'password';
}

/** What each role may, in a line. */
export const roleMeanings: Record<Role, string> = {
  user: 'Sees and changes what is theirs.',
  admin: 'Also looks after users and the appliance.',
  overseer: 'Everything, every house included. Can be removed by Overseers only.',
};

export function NewUserPage({
  typed,
  roles,
  errors,
}: {
  typed: NewUserTyped;
  roles: readonly Role[];
  errors: FormErrors;
}) {
  return (
    <Card>
      <Form action="/users" autocomplete="off" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field
          name="name"
          label="Name"
          value={typed.name}
          maxlength={100}
          required
          autofocus
          error={errors.fields.name}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={typed.email}
          autocomplete="off"
          hint="They sign in with it."
          required
          error={errors.fields.email}
        />
        <RoleField value={typed.role} roles={roles} error={errors.fields.role} />
        <RadioField
          name="way"
          label="Password"
          value={typed.way}
          options={[
            { value: 'invite', label: 'They choose it', hint: 'You get a one-time link to hand over.' },
            { value: 'password', label: 'You set it', hint: 'Type it below and tell them.' },
          ]}
        />
        <Field
          name="password"
          label="Password, if you set it"
          type="password"
          autocomplete="new-password"
          maxlength={200}
          error={errors.fields.password}
        />
        <FormActions>
          <Button kind="primary">Add the user</Button>
          <LinkButton href="/users">Cancel</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}

export function RoleField({
  value,
  roles,
  error,
}: {
  value: string;
  roles: readonly Role[];
  error?: string | undefined;
}) {
  return (
    <RadioField
      name="role"
      label="Role"
      value={value}
      required
      options={roles.map((role) => ({ value: role, label: roleNames[role], hint: roleMeanings[role] }))}
      error={error}
    />
  );
}
