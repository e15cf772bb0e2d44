/** How a device reaches this appliance, as its owner needs it spelled out. */
export interface SetupFacts {
  sourceId: string;
  /** Name or address of this appliance as the owner reached it, without port. */
  host: string;
  mqttPort: number;
  mqttTlsPort: number | null;
  topic: string;
  webhookUrl: string;
}

/** The secrets right after they were made; placeholders stand in for them otherwise. */
export interface SetupSecrets {
  mqttApiKey: string;
  webhookSecret: string;
}

export const KEY_PLACEHOLDER = 'YOUR-API-KEY';
export const SECRET_PLACEHOLDER = 'YOUR-WEBHOOK-SECRET';

/** Ready lines for one program or device. */
export interface SetupRecipe {
  title: string;
  /** Where the lines go. */
  hint: string;
  code: string;
}

const EXAMPLE = '{"solarPower": 1250, "stateOfCharge": 82}';

/** Ready lines for what commonly publishes over MQTT. */
export function mqttRecipes(facts: SetupFacts, secrets: SetupSecrets | null): SetupRecipe[] {
  const key = secrets?.mqttApiKey ?? KEY_PLACEHOLDER;
  return [
    {
      title: 'Try it from a terminal',
      hint: 'Sends one reading with mosquitto_pub (package mosquitto-clients).',
      code: `mosquitto_pub -h ${facts.host} -p ${facts.mqttPort} -q 1 \\
  -u ${facts.sourceId} \\
  -P ${key} \\
  -t ${facts.topic} \\
  -m '${EXAMPLE}'`,
    },
    {
      title: 'Tasmota',
      hint: 'Paste into the device’s console. What it publishes by itself (tele/…/SENSOR) is understood.',
      code: `Backlog MqttHost ${facts.host}; MqttPort ${facts.mqttPort}; MqttUser ${facts.sourceId}; MqttPassword ${key}; TelePeriod 30`,
    },
    { title: 'ESPHome', hint: 'Add to the device’s YAML; put your sensor’s id in.', code: esphome(facts, key) },
    {
      title: 'Solar Assistant',
      hint: 'In its MQTT settings, let it publish to an external broker with these values.',
      code: `Broker    ${facts.host}
Port      ${facts.mqttPort}
Username  ${facts.sourceId}
Password  ${key}`,
    },
    {
      title: 'Node-RED',
      hint: 'Menu, Import, paste. Send {"solarPower": 1250} as msg.payload into it.',
      code: nodeRed(facts, key),
    },
  ];
}

/** A signed POST that works as it stands in any shell with curl and openssl. */
export function webhookRecipe(facts: SetupFacts, secrets: SetupSecrets | null): SetupRecipe {
  return {
    title: 'Try it from a terminal',
    hint: 'Signs one reading with openssl and sends it with curl.',
    code: `BODY='${EXAMPLE}'
TIME=$(date +%s)
SIGN=$(printf '%s.%s' "$TIME" "$BODY" | openssl dgst -sha256 -hmac '${secrets?.webhookSecret ?? SECRET_PLACEHOLDER}' | sed 's/^.* //')
curl -X POST '${facts.webhookUrl}' \\
  -H 'Content-Type: application/json' \\
  -H "X-Ampra-Timestamp: $TIME" \\
  -H "X-Ampra-Signature: sha256=$SIGN" \\
  --data-raw "$BODY"`,
  };
}

function esphome(facts: SetupFacts, key: string): string {
  return `mqtt:
  broker: ${facts.host}
  port: ${facts.mqttPort}
  username: "${facts.sourceId}"
  password: "${key}"
  discovery: false

interval:
  - interval: 30s
    then:
      - mqtt.publish_json:
          topic: ${facts.topic}
          qos: 1
          payload: |-
            root["solarPower"] = id(solar_power).state;`;
}

function nodeRed(facts: SetupFacts, key: string): string {
  const broker = 'a3f1c0de00000001';
  const flow = [
    {
      id: broker,
      type: 'mqtt-broker',
      name: 'Ampra',
      broker: facts.host,
      port: String(facts.mqttPort),
      protocolVersion: '4',
      credentials: { user: facts.sourceId, password: key },
    },
    {
      id: 'a3f1c0de00000002',
      type: 'mqtt out',
      name: 'to Ampra',
      topic: facts.topic,
      qos: '1',
      retain: 'false',
      broker,
    },
  ];
  return JSON.stringify(flow, null, 1);
}
