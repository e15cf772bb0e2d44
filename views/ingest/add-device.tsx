import type { HeardDevice } from '../../src/ingest/discovery/heard.ts';
import { type Source, sourceRoles } from '../../src/sources/source.ts';
import { Button, Card, Field, Form, FormActions, LinkButton, SelectField } from '../parts/index.ts';
import { roleWords } from '../sources/words.ts';
import { DeviceFacts } from './device-facts.tsx';

export interface AddDeviceProps {
  /** Where the form is sent to. */
  action: string;
  device: HeardDevice | null;
  values: { filter: string; name: string; role: string; sourceId: string };
  sources: readonly Source[];
  errors: Readonly<Record<string, string>>;
  problem?: string;
}

/** Name, role and topics of a device before it becomes a source. */
export function AddDevicePage({ action, device, values, sources, errors, problem }: AddDeviceProps) {
  return (
    <div class="stack">
      {device && (
        <Card title="What it sends">
          <DeviceFacts device={device} isNew />
        </Card>
      )}
      <Card title="Add it">
        <Form action={action} {...(problem ? { error: problem } : {})}>
          <SelectField
            name="sourceId"
            label="Add it to"
            value={values.sourceId}
            empty="A new source"
            options={sources.map((source) => [source.id, source.name] as const)}
            error={errors.sourceId}
            optional={false}
          />
          <Field
            name="name"
            label="Name of the new source"
            value={values.name}
            maxlength={100}
            error={errors.name}
            optional={false}
          />
          <SelectField
            name="role"
            label="It measures"
            value={values.role}
            options={sourceRoles.map((role) => [role, roleWords[role]] as const)}
            error={errors.role}
          />
          <Field
            name="filter"
            label="Its topics"
            value={values.filter}
            error={errors.filter}
            hint="+ stands for one level, # at the end for all that follow."
            spellcheck={false}
            autocomplete="off"
            required
          />
          <FormActions>
            <Button kind="primary" icon="plus">
              Add it
            </Button>
            <LinkButton href="/sources/discover">Back</LinkButton>
          </FormActions>
        </Form>
      </Card>
    </div>
  );
}
