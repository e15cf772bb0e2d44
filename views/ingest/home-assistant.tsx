import { formatDate } from '../../src/core/format.ts';
import type { Source } from '../../src/sources/source.ts';
import { Button, Card, Facts, Form, FormActions } from '../parts/index.ts';

export interface HomeAssistantCardProps {
  source: Source;
  /** ms UTC; null while it is not announced. */
  since: number | null;
  entities: number | null;
  host: string;
  mqttPort: number;
}

/** Whether Home Assistant is told of this source, and how it listens. */
export function HomeAssistantCard({ source, since, entities, host, mqttPort }: HomeAssistantCardProps) {
  const isOn = since !== null;
  return (
    <Card
      id="home-assistant"
      title="Home Assistant"
      lead={
        isOn
          ? 'Home Assistant is told of this source, and adds it as a device by itself.'
          : 'Ampra can tell Home Assistant of this source, so that it becomes a device there by itself.'
      }
    >
      {isOn && (
        <>
          <Facts
            items={[
              ['Announced since', formatDate(since, source.timeZone, 'dateTime')],
              ['Entities', entities === null ? 'with the first reading' : String(entities)],
              ['Broker in Home Assistant', `${host}, port ${mqttPort}`],
              ['User name', 'token'],
            ]}
          />
          <p class="hint">
            The password is an access token, made under <a href="/account/tokens">Account, Access tokens</a>; the scope
            “read” is enough.
          </p>
        </>
      )}
      <Form action={`/sources/${source.id}/home-assistant`}>
        <input type="hidden" name="announce" value={isOn ? 'no' : 'yes'} />
        <FormActions>
          <Button>{isOn ? 'Stop announcing' : 'Announce to Home Assistant'}</Button>
        </FormActions>
      </Form>
    </Card>
  );
}
