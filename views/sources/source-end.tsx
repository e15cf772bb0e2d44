import type { Source } from '../../src/sources/source.ts';
import { Button, ButtonRow, Card, Field, Form, FormActions, LinkButton } from '../parts/index.ts';

/** What locks a device out or ends a source, each with the page that says what it means before it is done. */

export function KeysCard({ source }: { source: Source }) {
  return (
    <Card
      title="Keys"
      lead="If a key may have been seen, or is lost, make new ones. The device must be told; until then it is locked out."
    >
      <LinkButton icon="key" href={`/sources/${source.id}/rotate-keys`}>
        Make new keys …
      </LinkButton>
    </Card>
  );
}

export function EndCard({ source }: { source: Source }) {
  return (
    <Card
      title={source.isActive ? 'Switch off or delete' : 'Switch on or delete'}
      kind="danger"
      lead={
        source.isActive
          ? 'Switched off, it keeps its history and lets nothing new in. Deleted, all of it is gone.'
          : 'It keeps its history and lets nothing new in. Deleted, all of it is gone.'
      }
    >
      <ButtonRow>
        <Form action={`/sources/${source.id}/${source.isActive ? 'deactivate' : 'activate'}`} class="inline-form">
          <Button>{source.isActive ? 'Switch off' : 'Switch on'}</Button>
        </Form>
        <LinkButton kind="danger" icon="trash" href={`/sources/${source.id}/delete`}>
          Delete …
        </LinkButton>
      </ButtonRow>
    </Card>
  );
}

/** Says what new keys mean before they are made. */
export function RotateKeysPage({ source }: { source: Source }) {
  return (
    <Card title="The keys it has now end at once">
      <p>
        The device of “{source.name}” is locked out until it is given the new ones, which are shown on the next page and
        never again. Its history stays.
      </p>
      <Form action={`/sources/${source.id}/rotate-keys`}>
        <FormActions>
          <Button kind="primary" icon="key">
            Make new keys
          </Button>
          <LinkButton href={`/sources/${source.id}`}>Keep the old ones</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}

/** Asks for the name before anything is removed. */
export function DeleteSourcePage({ source, error }: { source: Source; error: string | null }) {
  return (
    <Card kind="danger" title="This cannot be undone">
      <p>
        “{source.name}” and all its readings, messages and prices are removed for good. To keep the history, switch it
        off instead.
      </p>
      <Form action={`/sources/${source.id}/delete`}>
        <Field
          name="confirm"
          label={`Type its name to confirm: ${source.name}`}
          error={error ?? undefined}
          required
          autocomplete="off"
          spellcheck={false}
        />
        <FormActions>
          <Button kind="danger" icon="trash">
            Delete for good
          </Button>
          <LinkButton href={`/sources/${source.id}`}>Keep it</LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}
