import { defineConfig } from './src/platform/config.ts';

/**
 * Bootstrap configuration of this appliance. Every setting has a default; the list with explanations is in
 * docs/operations.md and `ampra serve --help`. The environment (AMPRA_HTTP_PORT, ...) and flags (--http-port) win over this file.
 * This file is code that runs with the appliance's rights: treat it like a script.
 */
export default defineConfig({
  // httpPort: 8080,
  // mqttPort: 1883,
  // tls: 'local',
  // mqttAccess: 'open',
  // weather: 'off', // nothing is asked of the internet
  // smtpUrl: 'smtp://user:password@mail.example.org:587',
  // rawRetentionDays: 8,
  // retentionDays: 0, // readings are kept for ever; charts and energy outlive them
});
