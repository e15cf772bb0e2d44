import type { Context } from 'hono';
import { AddDevicePage } from '../../../views/ingest/add-device.tsx';
import type { Refusal } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { refusalStatus } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv } from '../../web/routes.ts';
import type { HeardDevice } from './heard.ts';

const upToDiscovery = { href: '/sources/discover', label: 'Discover devices' } as const;

/** How a device is to become a source, as typed; `sourceId` is '' for a new one. */
export interface DeviceWish {
  filter: string;
  name: string;
  role: string;
  sourceId: string;
}

export async function deviceWishOf(c: Context<AppEnv>): Promise<DeviceWish> {
  const form = await c.req.parseBody();
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
  return { filter: text('filter').trim(), name: text('name'), role: text('role'), sourceId: text('sourceId') };
}

export interface DeviceForm {
  title: string;
  /** Where the form is sent to. */
  action: string;
  /** Null while it is not heard. */
  device: HeardDevice | null;
  values: DeviceWish;
  /** Which it may be added to. */
  sources: readonly Source[];
  error?: Refusal | undefined;
}

/** The page on which a device becomes a source, with what is wrong beside its field. */
export function renderDeviceForm(c: Context<AppEnv>, { title, error, ...form }: DeviceForm): Promise<Response> {
  const faults = error?.fields ?? (error?.field ? [{ field: error.field, message: error.message }] : []);
  const errors = Object.fromEntries(faults.map(({ field, message }) => [field, message]));
  const isOfField = Object.keys(errors).some((field) => field in form.values);
  const problem = error && !isOfField ? [error.message, error.hint].filter(Boolean).join(' ') : undefined;
  return renderPage(
    c,
    {
      ...({ title, up: upToDiscovery, active: 'sources', styles: ['sources.css'] } as const),
      status: error ? refusalStatus[error.code] : 200,
    },
    <AddDevicePage {...form} errors={errors} {...(problem ? { problem } : {})} />,
  );
}
