import type { Site } from './site.ts';

/** What the wizard knows of the first source. */
export interface FirstSourceWish extends Omit<Site, 'name'> {
  name: string;
  connectionType: 'mqtt' | 'webhook';
  /** W; null when unknown. */
  installedCapacityW: number | null;
}

/** What the device needs to know. The secrets are shown once, on the wizard's last page. */
export interface FirstSourceMade {
  id: string;
  name: string;
  connectionType: 'mqtt' | 'webhook';
  mqttTopic: string;
  /** Password of the MQTT login; the user name is the id. */
  mqttApiKey: string;
  /** Path of the webhook on this appliance. */
  webhookPath: string;
  webhookSecret: string;
}
