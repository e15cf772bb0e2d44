import type { Access } from '../accounts/viewer.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A route that was registered, for the authorisation table and its test. */
export interface RegisteredRoute {
  method: Method;
  path: string;
  access: Access;
  kind: 'page' | 'api' | 'hook' | 'operations';
}
