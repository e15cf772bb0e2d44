import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { roleNames, type User } from '../../src/accounts/user.ts';
import { Button, Card, CheckField, Field, Form, FormActions, RadioField } from '../parts/index.ts';
import { AccountTabs } from './account-tabs.tsx';

export function ProfilePage({ user, name, errors }: { user: User; name: string; errors: FormErrors }) {
  return (
    <div class="stack">
      <AccountTabs active="profile" />
      <Card title="You" lead={`${user.email} · ${roleNames[user.role]}`}>
        <Form action="/account" version={user.version} guardsChanges {...(errors.whole ? { error: errors.whole } : {})}>
          <Field
            name="name"
            label="Name"
            value={name}
            autocomplete="name"
            maxlength={100}
            required
            error={errors.fields.name}
          />
          <RadioField
            name="temperatureUnit"
            label="Temperatures in"
            value={user.temperatureUnit}
            options={[
              { value: 'celsius', label: 'Celsius (°C)' },
              { value: 'fahrenheit', label: 'Fahrenheit (°F)' },
            ]}
          />
          <CheckField
            name="weatherAutoUpdate"
            label="Fetch the weather for my sources"
            hint="Asks the weather service of this Ampra when there is internet."
            checked={user.weatherAutoUpdate}
          />
          <CheckField
            name="predictionAutoRun"
            label="Make forecasts for my sources"
            hint="Runs on this machine, each day."
            checked={user.predictionAutoRun}
          />
          <FormActions>
            <Button kind="primary">Save</Button>
          </FormActions>
        </Form>
      </Card>
    </div>
  );
}
