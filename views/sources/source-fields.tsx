import { Field, FieldRow, fieldsOf, SelectField, TextAreaField } from '../parts/index.ts';
import { PictureField } from './picture-field.tsx';
import type { SourceFormProps } from './source-form-props.ts';

/** Where it stands, and whose days it counts in. */
export function PlaceFields({ values, errors, timeZones }: SourceFormProps) {
  const field = fieldsOf(values, errors);
  const zones = timeZones.includes(values.timeZone) || !values.timeZone ? timeZones : [values.timeZone, ...timeZones];
  return (
    <>
      <p class="hint">
        For sunrise, the forecast, and where its days begin and end. A map shows both numbers when you press long on
        your roof; paste them together into either field.
      </p>
      <FieldRow>
        <Field {...field('latitude')} label="Latitude" unit="°" inputmode="text" placeholder="52.52" required />
        <Field {...field('longitude')} label="Longitude" unit="°" inputmode="text" placeholder="13.40" required />
      </FieldRow>
      <SelectField
        {...field('timeZone')}
        label="Time zone"
        options={zones.map((zone) => [zone, zone.replaceAll('_', ' ')] as const)}
        {...(values.timeZone ? {} : { empty: 'Choose the zone' })}
        required
      />
    </>
  );
}

/** What can be told later: group, picture, size and cost. */
export function MoreFields(props: SourceFormProps) {
  const { values, errors, groups, iconUrl } = props;
  const field = fieldsOf(values, errors);
  return (
    <>
      <SelectField
        {...field('groupId')}
        label="Group"
        empty="None"
        options={groups.map((group) => [group.id, group.name] as const)}
      />
      <TextAreaField {...field('description')} label="Description" maxlength={500} rows={2} />
      <PictureField name="icon" label="Picture" error={errors.icon} url={iconUrl} />
      <FieldRow>
        <Field
          {...field('installedCapacityW')}
          label="Installed power"
          unit="kW"
          inputmode="decimal"
          hint="Of the panels, kilowatts peak."
        />
        <Field
          {...field('inverterLimitW')}
          label="Limit of the inverter"
          unit="kW"
          inputmode="decimal"
          hint="The most it gives, if you know it."
        />
      </FieldRow>
      <TextAreaField
        {...field('panels')}
        label="Panels"
        rows={2}
        placeholder="30 south 5.4"
        hint="A line for each roof: tilt in degrees (flat is 0), where it faces (or degrees from north, clockwise), kilowatts peak. For the performance ratio and the forecast."
      />
      <Field {...field('installationDate')} type="date" label="Installed on" />
      <CostFields {...props} />
    </>
  );
}

function CostFields({ values, errors, currencies }: SourceFormProps) {
  const field = fieldsOf(values, errors);
  return (
    <>
      <SelectField {...field('currency')} label="Currency" options={currencies} required />
      <FieldRow>
        <Field {...field('systemCost')} label="Cost of the system" inputmode="decimal" />
        <Field {...field('maintenancePerYear')} label="Maintenance a year" inputmode="decimal" />
      </FieldRow>
    </>
  );
}
