import type { PowerGroup } from '../../src/sources/source.ts';
import { sourceRoles } from '../../src/sources/source.ts';
import {
  Button,
  CheckField,
  type Difference,
  Field,
  FieldRow,
  Form,
  FormActions,
  LinkButton,
  Notice,
  RadioField,
  SelectField,
  StaleNotice,
  TextAreaField,
} from '../parts/index.ts';
import { roleWords } from './words.ts';

/** What stands in the form's fields, as typed. */
export type SourceFormValues = Record<
  | 'name'
  | 'description'
  | 'role'
  | 'connectionType'
  | 'groupId'
  | 'latitude'
  | 'longitude'
  | 'timeZone'
  | 'installedCapacityW'
  | 'currency'
  | 'systemCost'
  | 'maintenancePerYear'
  | 'installationDate',
  string
>;

/** A refusal of the whole form; with `differences` when somebody else saved meanwhile. */
export interface FormProblem {
  message: string;
  hint?: string | undefined;
  differences?: readonly Difference[];
}

export interface SourceFormProps {
  action: string;
  /** Where Cancel leads. */
  back: string;
  values: SourceFormValues;
  /** What is wrong, by field. */
  errors: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  groups: readonly PowerGroup[];
  timeZones: readonly string[];
  currencies: readonly (readonly [code: string, label: string])[];
  /** Null when it is being created. */
  version: number | null;
  iconUrl: string | null;
}

/** Creates or edits a source: short on top, the rest folded away until it is wanted or wrong. */
export function SourceForm(props: SourceFormProps) {
  const { values, errors, version, problem } = props;
  const isNew = version === null;
  const needsPlace = values.latitude === '' || values.longitude === '' || values.timeZone === '';
  const opensPlace = needsPlace || hasAny(errors, ['latitude', 'longitude', 'timeZone']);
  const opensMore = hasAny(errors, moreFields);
  return (
    <Form action={props.action} hasFiles guardsChanges {...(isNew ? {} : { version })}>
      {problem && <Trouble problem={problem} what="This source" reloadHref={`${props.action}/edit`} />}
      <Field
        name="name"
        label="Name"
        value={values.name}
        error={errors.name}
        hint="As you call it: “Roof south”, “Garage meter”."
        required
        maxlength={100}
        autocomplete="off"
        autofocus={isNew}
      />
      <RadioField
        name="connectionType"
        label="How it connects"
        value={values.connectionType}
        error={errors.connectionType}
        options={[
          { value: 'mqtt', label: 'MQTT', hint: 'Most inverters, loggers and smart plugs.' },
          { value: 'webhook', label: 'Webhook', hint: 'A program that posts JSON over HTTP.' },
        ]}
      />
      <SelectField
        name="role"
        label="What it measures"
        value={values.role}
        error={errors.role}
        options={sourceRoles.map((role) => [role, roleWords[role]] as const)}
        hint="Whole system: an inverter that knows solar, battery, load and grid. The others: a meter or plug on one of them."
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
  ...['description', 'groupId', 'icon', 'installedCapacityW', 'currency'],
  ...['systemCost', 'maintenancePerYear', 'installationDate'],
];

function hasAny(errors: Readonly<Record<string, string>>, fields: readonly string[]): boolean {
  return fields.some((field) => errors[field] !== undefined);
}

/** Why the whole form was not taken; after a clash, what differs. */
export function Trouble({ problem, what, reloadHref }: { problem: FormProblem; what: string; reloadHref: string }) {
  if (problem.differences) return <StaleNotice what={what} differences={problem.differences} reloadHref={reloadHref} />;
  return (
    <Notice kind="problem" title={problem.message}>
      {problem.hint && <p>{problem.hint}</p>}
    </Notice>
  );
}

function PlaceFields({ values, errors, timeZones }: SourceFormProps) {
  const zones = timeZones.includes(values.timeZone) || !values.timeZone ? timeZones : [values.timeZone, ...timeZones];
  return (
    <>
      <p class="hint">For sunrise, the forecast, and where its days begin and end.</p>
      <FieldRow>
        <Field
          name="latitude"
          label="Latitude"
          value={values.latitude}
          error={errors.latitude}
          unit="°"
          inputmode="text"
          placeholder="52.52"
          required
        />
        <Field
          name="longitude"
          label="Longitude"
          value={values.longitude}
          error={errors.longitude}
          unit="°"
          inputmode="text"
          placeholder="13.40"
          required
        />
      </FieldRow>
      <SelectField
        name="timeZone"
        label="Time zone"
        value={values.timeZone}
        error={errors.timeZone}
        options={zones.map((zone) => [zone, zone.replaceAll('_', ' ')] as const)}
        {...(values.timeZone ? {} : { empty: 'Choose the zone' })}
        required
      />
    </>
  );
}

function MoreFields(props: SourceFormProps) {
  const { values, errors, groups, iconUrl } = props;
  return (
    <>
      <SelectField
        name="groupId"
        label="Group"
        value={values.groupId}
        error={errors.groupId}
        empty="None"
        options={groups.map((group) => [group.id, group.name] as const)}
      />
      <TextAreaField
        name="description"
        label="Description"
        value={values.description}
        error={errors.description}
        maxlength={500}
        rows={2}
      />
      <PictureField name="icon" label="Picture" error={errors.icon} url={iconUrl} />
      <FieldRow>
        <Field
          name="installedCapacityW"
          label="Installed power"
          value={values.installedCapacityW}
          error={errors.installedCapacityW}
          unit="W"
          inputmode="decimal"
          hint="Of the panels, in watts peak."
        />
        <Field
          name="installationDate"
          type="date"
          label="Installed on"
          value={values.installationDate}
          error={errors.installationDate}
        />
      </FieldRow>
      <CostFields {...props} />
    </>
  );
}

function CostFields({ values, errors, currencies }: SourceFormProps) {
  return (
    <>
      <SelectField
        name="currency"
        label="Currency"
        value={values.currency}
        error={errors.currency}
        options={currencies}
        required
      />
      <FieldRow>
        <Field
          name="systemCost"
          label="Cost of the system"
          value={values.systemCost}
          error={errors.systemCost}
          inputmode="decimal"
        />
        <Field
          name="maintenancePerYear"
          label="Maintenance a year"
          value={values.maintenancePerYear}
          error={errors.maintenancePerYear}
          inputmode="decimal"
        />
      </FieldRow>
    </>
  );
}

/** Upload of a small picture, with the present one and a way to take it away. */
export function PictureField(props: { name: string; label: string; error: string | undefined; url: string | null }) {
  const { name, label, error, url } = props;
  return (
    <div class="picture-field">
      {url && <img class="source-icon" src={url} alt={`Present ${label.toLowerCase()}`} width="44" height="44" />}
      <Field
        name={name}
        type="file"
        label={label}
        error={error}
        accept="image/jpeg,image/png,image/webp,image/gif"
        hint="JPEG, PNG, WebP or GIF up to 6 MB; it is made small."
      />
      {url && <CheckField name={`remove-${name}`} label={`Take the ${label.toLowerCase()} away`} />}
    </div>
  );
}
