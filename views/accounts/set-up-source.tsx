import type { FirstSourceMade } from '../../src/accounts/first-source.ts';
import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, CopyField, Field, Form, FormActions, LinkButton, RadioField } from '../parts/index.ts';
import { SetUpSteps } from './set-up-steps.tsx';

export interface FirstSourceTyped {
  name: string;
  connectionType: string;
  /** kW, as typed. */
  installedCapacityW: string;
}

export function FirstSourcePage({ typed, errors }: { typed: FirstSourceTyped; errors: FormErrors }) {
  return (
    <div class="stack">
      <SetUpSteps current={3} />
      <Form action="/setup/source" id="first-source" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field name="name" label="Name" value={typed.name} maxlength={100} required error={errors.fields.name} />
        <RadioField
          name="connectionType"
          label="How does it send?"
          value={typed.connectionType}
          required
          options={[
            {
              value: 'mqtt',
              label: 'MQTT',
              hint: 'Most inverters, loggers and ESP devices: you give them this address.',
            },
            { value: 'webhook', label: 'Webhook', hint: 'Scripts and services that post over http.' },
          ]}
          error={errors.fields.connectionType}
        />
        <Field
          name="installedCapacityW"
          label="Installed solar power"
          value={typed.installedCapacityW}
          unit="kW"
          inputmode="decimal"
          autocomplete="off"
          size="short"
          error={errors.fields.installedCapacityW ?? errors.fields.installedCapacityKw}
        />
      </Form>
      <Form action="/setup/skip" id="skip-source" />
      <FormActions>
        <Button kind="primary" form="first-source">
          Add the source
        </Button>
        <Button kind="quiet" form="skip-source">
          Later
        </Button>
      </FormActions>
    </div>
  );
}

export interface SourceReadyPageProps {
  made: FirstSourceMade;
  /** Name or address that this browser reached the appliance by. */
  mqttHost: string;
  mqttPort: number;
  webhookUrl: string;
}

/** What the device needs to know; the secret is shown this once. */
export function SourceReadyPage({ made, mqttHost, mqttPort, webhookUrl }: SourceReadyPageProps) {
  return (
    <div class="stack">
      <SetUpSteps current={4} />
      {made.connectionType === 'mqtt' ? (
        <div class="stack">
          <CopyField label="Broker (host)" value={mqttHost} />
          <CopyField label="Port" value={String(mqttPort)} />
          <CopyField label="User name" value={made.id} />
          <CopyField label="Password" value={made.mqttApiKey} isSecret />
          <CopyField
            label="Topic"
            value={made.mqttTopic}
            hint="Devices with topics of their own keep them: what Ampra knows is understood."
          />
        </div>
      ) : (
        <div class="stack">
          <CopyField label="Address" value={webhookUrl} />
          <CopyField label="Secret" value={made.webhookSecret} isSecret />
        </div>
      )}
      <FormActions>
        <LinkButton href="/" kind="primary">
          To the live view
        </LinkButton>
        <LinkButton href={`/sources/${made.id}`}>Step by step</LinkButton>
      </FormActions>
    </div>
  );
}
