import {
  Button,
  Card,
  CheckField,
  Field,
  Form,
  FormActions,
  type FormProblem,
  FormTrouble,
  fieldsOf,
  LinkButton,
  TextAreaField,
} from '../parts/index.ts';
import { PictureField } from './picture-field.tsx';

/** A field that says that the form showed the sources, so that a box left empty says something. */
export const MEMBERS_SHOWN = 'holds';

/** A source that the group may hold. */
export interface GroupMember {
  field: string;
  name: string;
  isIn: boolean;
  /** The other group that holds it now. */
  elsewhere: string | null;
}

export interface GroupFormProps {
  action: string;
  values: { name: string; description: string };
  errors: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  members: readonly GroupMember[];
  /** Null when it is being created. */
  version: number | null;
  logoUrl: string | null;
  /** Where its deletion is asked for; null when it is being created. */
  deleteAction: string | null;
}

/** Creates or edits a group. */
export function GroupForm(props: GroupFormProps) {
  const { values, errors, version, problem, logoUrl, deleteAction } = props;
  const field = fieldsOf(values, errors);
  return (
    <>
      <Form action={props.action} hasFiles guardsChanges {...(version === null ? {} : { version })}>
        {problem && <FormTrouble problem={problem} what="This group" reloadHref={`${props.action}/edit`} />}
        <Field
          {...field('name')}
          label="Name"
          hint="As “House”, “Barn” or “Workshop”."
          required
          maxlength={100}
          autofocus={version === null}
        />
        {props.members.length > 0 && <Members members={props.members} />}
        <TextAreaField {...field('description')} label="Description" maxlength={500} />
        <PictureField name="logo" label="Logo" error={errors.logo} url={logoUrl} />
        <FormActions>
          <Button kind="primary">{version === null ? 'Create the group' : 'Save'}</Button>
          <LinkButton href="/sources">Cancel</LinkButton>
        </FormActions>
      </Form>
      {deleteAction && (
        <Card
          title="Delete this group"
          lead="Its sources stay, with all their readings, and stand on their own."
          kind="danger"
        >
          <Form action={deleteAction} class="inline-form">
            <Button kind="danger" icon="trash">
              Delete the group
            </Button>
          </Form>
        </Card>
      )}
    </>
  );
}

function Members({ members }: { members: readonly GroupMember[] }) {
  return (
    <fieldset class="field">
      <legend class="field-label">What stands in it</legend>
      <input type="hidden" name={MEMBERS_SHOWN} value="shown" />
      {members.map(({ field, name, isIn, elsewhere }) => (
        <CheckField
          name={field}
          label={name}
          checked={isIn}
          {...(elsewhere ? { hint: `Now in “${elsewhere}”.` } : {})}
        />
      ))}
    </fieldset>
  );
}
