import { sourceRoles } from '../../src/sources/source.ts';
import {
  Button,
  Field,
  Form,
  FormActions,
  FormTrouble,
  fieldsOf,
  LinkButton,
  RadioField,
  SelectField,
} from '../parts/index.ts';
import { MoreFields, PlaceFields } from './source-fields.tsx';
import type { SourceFormProps } from './source-form-props.ts';
import { roleWords } from './words.ts';

/** Creates or edits a source: short on top, the rest folded away until it is wanted or wrong. */
export function SourceForm(props: SourceFormProps) {
  const { values, errors, version, problem } = props;
  const field = fieldsOf(values, errors);
  const isNew = version === null;
  const needsPlace = values.latitude === '' || values.longitude === '' || values.timeZone === '';
  const opensPlace = needsPlace || hasAny(errors, ['latitude', 'longitude', 'timeZone']);
  const opensMore = hasAny(errors, moreFields);
  return (
    <Form action={props.action} hasFiles guardsChanges {...(isNew ? {} : { version })}>
      {problem && <FormTrouble problem={problem} what="This source" reloadHref={`${props.action}/edit`} />}
      <Field
        {...field('name')}
        label="Name"
        hint="As you call it: “Roof south”, “Garage meter”."
        required
        maxlength={100}
        autocomplete="off"
        autofocus={isNew}
      />
      <RadioField
        {...field('connectionType')}
        label="How it connects"
        options={[
          { value: 'mqtt', label: 'MQTT', hint: 'Most inverters, loggers and smart plugs.' },
          { value: 'webhook', label: 'Webhook', hint: 'A program that posts JSON over HTTP.' },
        ]}
      />
      <SelectField
        {...field('role')}
        label="What it counts as"
        options={sourceRoles.map((role) => [role, roleWords[role]] as const)}
        hint="Inverter: all that it sends counts, and several add up. The others measure one thing for the whole house: for that one they count instead of what inverters say, and several add up."
        required
      />
      <details class="fold" open={opensPlace}>
        <summary>Place{needsPlace ? '' : `: ${values.latitude}, ${values.longitude}, ${values.timeZone}`}</summary>
        <PlaceFields {...props} />
      </details>
      <details class="fold" open={opensMore || !isNew}>
        <summary>Details: group, picture, size and cost</summary>
        <MoreFields {...props} />
      </details>
      <FormActions>
        <Button kind="primary">{isNew ? 'Add the source' : 'Save'}</Button>
        <LinkButton href={props.back}>Cancel</LinkButton>
      </FormActions>
    </Form>
  );
}

const moreFields = [
  ...['description', 'groupId', 'icon', 'installedCapacityW', 'inverterLimitW', 'panels', 'currency'],
  ...['systemCost', 'maintenancePerYear', 'installationDate'],
];

function hasAny(errors: Readonly<Record<string, string>>, fields: readonly string[]): boolean {
  return fields.some((field) => errors[field] !== undefined);
}
