/**
 * What each part of the appliance is called on the System page, and what it does. Machines (`/readyz`, `/metrics`, the
 * log) go on using the names on the left.
 */
export const partWords: Record<string, { label: string; does: string }> = {
  start: { label: 'Start', does: 'Brings up everything else.' },
  'web port': { label: 'Web pages', does: 'Lets browsers and programs in.' },
  certificate: { label: 'Certificate', does: 'Encrypts what goes over the network.' },
  'relational database': { label: 'Settings store', does: 'Keeps accounts, sources and settings.' },
  process: { label: 'Process', does: 'Watches memory, and how late the main loop is.' },
  accounts: { label: 'Accounts', does: 'Signs people and programs in.' },
  sources: { label: 'Sources', does: 'Knows your devices and their keys.' },
  telemetry: { label: 'Measurements', does: 'Answers what was measured, now and before.' },
  'telemetry database': { label: 'Measurement store', does: 'Keeps readings and their sums for years.' },
  ingest: { label: 'Reception', does: 'Understands what devices send.' },
  journal: { label: 'Journal', does: 'Writes each message to disk before it is acknowledged.' },
  weather: { label: 'Weather', does: 'Fetches and keeps the weather, where you allow it.' },
  forecast: { label: 'Forecast', does: 'Says what the sun and the house will do.' },
  'forecasts over MQTT': { label: 'Forecasts by MQTT', does: 'Tells dashboards what is to come.' },
  'MQTT broker': { label: 'MQTT broker', does: 'Talks to devices by MQTT.' },
  'latest readings over MQTT': { label: 'Newest values by MQTT', does: 'Tells dashboards the newest values.' },
  'home assistant': { label: 'Home Assistant', does: 'Tells it about your sources, where you switched that on.' },
  connections: { label: 'Other brokers', does: 'Listens to MQTT brokers that you already have.' },
  jobs: { label: 'Regular work', does: 'Does in the background what has its time.' },
  backups: { label: 'Backups', does: 'Makes them and puts them back.' },
  admin: { label: 'This page', does: 'Watches the other parts.' },
};

/** The words of a part; its own name when this page has none. */
export function wordsOf(part: string): { label: string; does: string } {
  return partWords[part] ?? { label: part, does: '' };
}
