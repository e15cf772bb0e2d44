import {
  Button,
  Card,
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

export interface GroupFormProps {
  action: string;
  values: { name: string; description: string };
  errors: Readonly<Record<string, string>>;
  problem: FormProblem | null;
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
