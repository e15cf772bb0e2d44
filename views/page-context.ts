import { createContext } from 'hono/jsx';
import type { Viewer } from '../src/accounts/viewer.ts';
import type { ClockStatus } from '../src/core/clock.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** What every part of a page may need to know without being told. */
export interface PageContext {
  csrfToken: string;
  viewer: Viewer | null;
  theme: Theme;
  /** Path of the page, for links that lead back. */
  path: string;
  /** What is wrong with the time; null when it is known and believed. */
  clock: ClockStatus | null;
}

export const PageContext = createContext<PageContext>({
  csrfToken: '',
  viewer: null,
  theme: 'auto',
  path: '/',
  clock: null,
});
