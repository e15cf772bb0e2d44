import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, Field, FieldRow, Form, FormActions, SelectField } from '../parts/index.ts';
import { SetUpSteps } from './set-up-steps.tsx';

export interface SiteTyped {
  name: string;
  latitude: string;
  longitude: string;
  timeZone: string;
}

export interface SetUpSitePageProps {
  typed: SiteTyped;
  errors: FormErrors;
  timeZones: readonly string[];
}

export function SetUpSitePage({ typed, errors, timeZones }: SetUpSitePageProps) {
  const options = timeZones.map((zone) => [zone, zone.replaceAll('_', ' ')] as const);
  return (
    <div class="stack">
      <SetUpSteps current={2} />
      <Form action="/setup/site" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field
          name="name"
          label="Name of the place"
          value={typed.name}
          maxlength={100}
          required
          error={errors.fields.name}
        />
        <FieldRow>
          <Field
            name="latitude"
            label="Latitude"
            value={typed.latitude}
            unit="°"
            inputmode="text"
            autocomplete="off"
            placeholder="52.52"
            required
            error={errors.fields.latitude}
          />
          <Field
            name="longitude"
            label="Longitude"
            value={typed.longitude}
            unit="°"
            inputmode="text"
            autocomplete="off"
            placeholder="13.40"
            required
            error={errors.fields.longitude}
          />
        </FieldRow>
        <p class="hint">
          North and east are positive, south and west negative. Two digits after the point are enough; a map shows them
          when you press long on your roof; paste them together into either field.
        </p>
        <p hidden data-locate="latitude,longitude">
          <Button type="button">Use this device's place</Button>
        </p>
        <SelectField
          name="timeZone"
          label="Time zone"
          value={typed.timeZone}
          options={options}
          empty="Choose the time zone"
          required
          error={errors.fields.timeZone}
          data-browser-time-zone=""
        />
        <FormActions>
          <Button kind="primary">Go on</Button>
        </FormActions>
      </Form>
    </div>
  );
}
