import {
  mqttRecipes,
  type SetupFacts,
  type SetupRecipe,
  type SetupSecrets,
  webhookRecipe,
} from '../../src/sources/setup-lines.ts';
import type { ConnectionType } from '../../src/sources/source.ts';
import { Card, CodeBlock, CopyField, LinkButton, Notice } from '../parts/index.ts';

export interface SetupProps {
  connectionType: ConnectionType;
  facts: SetupFacts;
  /** Right after they were made, and only then. */
  secrets: SetupSecrets | null;
  /** The owner reached this page as localhost: a device elsewhere cannot. */
  isLocalhost: boolean;
}

/** What to type into the device. */
export function SetupCard(props: SetupProps) {
  const { connectionType, facts, secrets, isLocalhost } = props;
  const recipes = connectionType === 'mqtt' ? mqttRecipes(facts, secrets) : [webhookRecipe(facts, secrets)];
  return (
    <Card
      id="set-up"
      title="Connect the device"
      lead={
        connectionType === 'mqtt' ? 'Give the device these MQTT settings.' : 'Let your program post to this address.'
      }
    >
      {isLocalhost && (
        <Notice title="You opened Ampra on this very machine">
          A device elsewhere cannot reach “{facts.host}”. Put this machine’s network address in its place, such as
          192.168.1.20.
        </Notice>
      )}
      {connectionType === 'mqtt' ? <MqttSettings facts={facts} secrets={secrets} /> : <WebhookSettings {...props} />}
      {recipes.map((recipe, i) => (
        <Recipe recipe={recipe} isOpen={i === 0 && secrets !== null} />
      ))}
    </Card>
  );
}

function MqttSettings({ facts, secrets }: { facts: SetupFacts; secrets: SetupSecrets | null }) {
  const port = facts.mqttTlsPort ? `${facts.mqttPort}, or ${facts.mqttTlsPort} with TLS` : String(facts.mqttPort);
  return (
    <>
      <div class="settings-grid">
        <CopyField label="Host" value={facts.host} id="set-host" />
        <CopyField label="Port" value={port} id="set-port" />
      </div>
      <CopyField label="User name" value={facts.sourceId} id="set-user" />
      {secrets ? (
        <CopyField label="Password (API key)" value={secrets.mqttApiKey} id="set-key" isSecret />
      ) : (
        <p class="hint">Password: the API key that was shown when it was made. If it is lost, make new keys below.</p>
      )}
      <CopyField
        label="Topic"
        value={facts.topic}
        id="set-topic"
        hint="For JSON with names of the catalogue. A device with topics of its own may keep them."
      />
    </>
  );
}

function WebhookSettings({ facts, secrets }: SetupProps) {
  return (
    <>
      <CopyField label="Address" value={facts.webhookUrl} id="set-url" />
      {secrets ? (
        <CopyField label="Secret" value={secrets.webhookSecret} id="set-secret" isSecret />
      ) : (
        <p class="hint">Secret: the one that was shown when it was made. If it is lost, make new keys below.</p>
      )}
      <p class="hint">
        Each POST carries <code>X-Ampra-Timestamp</code> (epoch seconds) and <code>X-Ampra-Signature</code>:{' '}
        <code>sha256=</code> and the hex HMAC-SHA256 of the timestamp, a point and the body.
      </p>
    </>
  );
}

function Recipe({ recipe, isOpen }: { recipe: SetupRecipe; isOpen: boolean }) {
  return (
    <details class="fold" open={isOpen}>
      <summary>{recipe.title}</summary>
      <p class="hint">{recipe.hint}</p>
      <CodeBlock code={recipe.code} label={recipe.title} />
    </details>
  );
}

/** The page that shows new keys: this once, never again. */
export function KeysPage({ sourceId, ...props }: SetupProps & { sourceId: string }) {
  return (
    <>
      <Notice kind="done" title="These keys are shown now and never again">
        Put them into the device before you leave this page. Ampra keeps no copy that could be read; if they are lost,
        make new ones.
      </Notice>
      <SetupCard {...props} />
      <LinkButton kind="primary" href={`/sources/${sourceId}`}>
        I have them, go on
      </LinkButton>
    </>
  );
}
