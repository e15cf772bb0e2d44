import { createHmac } from 'node:crypto';
import type { DemoDevice } from './ports.ts';

/** A device that posts signed readings to the webhook, as a script on a gateway would. */
export function createWebhookDevice(options: { url: string; secret: string }): DemoDevice {
  return {
    async send(values) {
      const body = JSON.stringify(values);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', options.secret).update(`${timestamp}.${body}`).digest('hex');
      const response = await fetch(options.url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-ampra-timestamp': timestamp,
          'x-ampra-signature': `sha256=${signature}`,
        },
        signal: AbortSignal.timeout(5000),
        // The house's own certificate is not one that this process trusts; it talks to itself on loopback.
        tls: { rejectUnauthorized: false },
      });
      if (response.status !== 202) throw new Error(`the webhook answered ${response.status}: ${await response.text()}`);
    },
    async stop() {},
  };
}
