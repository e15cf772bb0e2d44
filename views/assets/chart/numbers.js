// Numbers and times, by the rules of src/core/format.ts (a test compares them).

function formatNumber(value, digits) {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0;
  return `${value < 0 && !isZero ? '\u2212' : ''}${grouped}${fraction ? `.${fraction}` : ''}`;
}

/** `[text, unit]` of a value, scaled as the server does. */
export function formatQuantity(value, unit, temperatureUnit) {
  if (value === null || value === undefined) return ['-', ''];
  if (unit === 'W' || unit === 'VA') {
    const size = Math.abs(value);
    if (Math.round(size) < 1000) return [formatNumber(value, 0), unit];
    if (size < 999995) return [formatNumber(value / 1000, 2), `k${unit}`];
    return [formatNumber(value / 1e6, 2), `M${unit}`];
  }
  if (unit === 'degC') return [formatNumber(value, 1), temperatureUnit === 'fahrenheit' ? '°F' : '°C'];
  return [formatNumber(value, unit === '%' ? 0 : unit === 'Hz' ? 2 : 1), unit];
}

/** As precise as the bucket it belongs to. */
export function formatTime(time, { bucketMs, timeZone }) {
  const isLong = bucketMs >= 86400000;
  const parts = isLong
    ? { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
    : { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  if (bucketMs < 60000) parts.second = '2-digit';
  const text = new Intl.DateTimeFormat('en-GB', { ...parts, hourCycle: 'h23', timeZone }).format(time);
  return text.replace(/^(\p{L}+),/u, '$1');
}
