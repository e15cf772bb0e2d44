import htmxSse from '../../node_modules/htmx.org/dist/ext/hx-sse.min.js' with { type: 'text' };
import htmx from '../../node_modules/htmx.org/dist/htmx.min.js' with { type: 'text' };
import uplot from '../../node_modules/uplot/dist/uPlot.iife.min.js' with { type: 'text' };
import uplotCss from '../../node_modules/uplot/dist/uPlot.min.css' with { type: 'text' };
import accountsCss from '../../views/assets/accounts.css' with { type: 'text' };
import accuracyCss from '../../views/assets/accuracy.css' with { type: 'text' };
import accuracyJs from '../../views/assets/accuracy.js' with { type: 'text' };
import apiCss from '../../views/assets/api.css' with { type: 'text' };
import appJs from '../../views/assets/app.js' with { type: 'text' };
import backupsJs from '../../views/assets/backups.js' with { type: 'text' };
import chartCss from '../../views/assets/chart.css' with { type: 'text' };
import dataCss from '../../views/assets/data.css' with { type: 'text' };
import favicon from '../../views/assets/favicon.svg' with { type: 'text' };
import flowCss from '../../views/assets/flow.css' with { type: 'text' };
import flowJs from '../../views/assets/flow.js' with { type: 'text' };
import forecastCss from '../../views/assets/forecast.css' with { type: 'text' };
import forecastJs from '../../views/assets/forecast.js' with { type: 'text' };
import manifest from '../../views/assets/manifest.webmanifest' with { type: 'text' };
import placeJs from '../../views/assets/place.js' with { type: 'text' };
import setUpJs from '../../views/assets/set-up.js' with { type: 'text' };
import sourceJs from '../../views/assets/source.js' with { type: 'text' };
import sourcesCss from '../../views/assets/sources.css' with { type: 'text' };
import totalsCss from '../../views/assets/totals.css' with { type: 'text' };
import totalsJs from '../../views/assets/totals.js' with { type: 'text' };
import weatherCss from '../../views/assets/weather.css' with { type: 'text' };
import { chartScript } from './chart-script.ts';
import { stylesheet } from './stylesheet.ts';

/**
 * Everything the browser loads, embedded as text so that the executable carries it. Add a file here and name it in
 * `renderPage({ scripts, styles })`. The address holds a hash of the content, so it may be cached for ever.
 */
const files = {
  'app.css': stylesheet,
  'app.js': appJs,
  // One file: htmx looks at the page in the next task, and what its extension would add is lost if that comes later.
  'htmx.js': `${htmx}\n${htmxSse}`,
  'uplot.js': uplot,
  'uplot.css': uplotCss,
  'chart.css': chartCss,
  'chart.js': chartScript,
  'data.css': dataCss,
  'flow.css': flowCss,
  'flow.js': flowJs,
  'forecast.css': forecastCss,
  'forecast.js': forecastJs,
  'accuracy.css': accuracyCss,
  'accuracy.js': accuracyJs,
  'accounts.css': accountsCss,
  'api.css': apiCss,
  'backups.js': backupsJs,
  'place.js': placeJs,
  'set-up.js': setUpJs,
  'source.js': sourceJs,
  'sources.css': sourcesCss,
  'totals.css': totalsCss,
  'totals.js': totalsJs,
  'weather.css': weatherCss,
  'favicon.svg': favicon,
  'manifest.webmanifest': manifest,
} as const satisfies Record<string, string>;

export type AssetName = keyof typeof files;

export interface Asset {
  name: string;
  /** `/assets/app.1f3a90c2.css`. */
  url: string;
  contentType: string;
  body: Uint8Array<ArrayBuffer>;
  etag: string;
}

const contentTypes: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

const byName = new Map<string, Asset>(Object.entries(files).map(([name, text]) => [name, makeAsset(name, text)]));
const byUrl = new Map<string, Asset>([...byName.values()].map((asset) => [asset.url, asset]));

/** The content-hashed address of an embedded file. */
export function assetUrl(name: AssetName): string {
  return byName.get(name)?.url ?? '';
}

/** The file at exactly this path, if it is one of ours; nothing is looked up on disk. */
export function findAsset(path: string): Asset | undefined {
  return byUrl.get(path);
}

export function allAssets(): Asset[] {
  return [...byName.values()];
}

function makeAsset(name: string, text: string): Asset {
  const body = new TextEncoder().encode(text);
  const hash = new Bun.CryptoHasher('sha256').update(body).digest('hex').slice(0, 12);
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1);
  return {
    name,
    url: `/assets/${name.slice(0, dot)}.${hash}.${extension}`,
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    body,
    etag: `"${hash}"`,
  };
}
