/** Line icons of 24 x 24, stroke in the text's colour. Decorative: the words beside them name the thing. */
const paths = {
  live: 'M3 12h4l3-7 4 14 3-7h4',
  history: 'M4 20V10m6 10V4m6 16v-8m4 8H2',
  totals: 'M18 7.5V4H6l6.5 8L6 20h12v-3.5',
  forecast: 'M3 19c4-1 5-9 9-9M12 10c4 0 5-5 9-6M12 10c4 0 5 4 9 6M12 10h9',
  sources: 'M4 7h16M4 12h16M4 17h10',
  weather:
    'M8 20h9.5a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.6 13.3 3.5 3.5 0 0 0 8 20ZM7 9.2A4 4 0 0 1 12.6 6M9.7 1.8v1.7M3.2 4.6l1.2 1.2M1.8 11h1.7m11-6.4L15.7 3.4',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5a7.5 7.5 0 0 1 15 0',
  users:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9a6.5 6.5 0 0 1 13 0M15.5 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8',
  system: 'M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01',
  more: 'M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0Zm7 0a1 1 0 1 1-2 0 1 1 0 0 1 2 0Zm7 0a1 1 0 1 1-2 0 1 1 0 0 1 2 0Z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'm4.5 12.5 5 5 10-11',
  close: 'M6 6l12 12M18 6 6 18',
  chevron: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  alert: 'M12 8v5m0 3.5h.01M10.3 3.9 2.2 18a2 2 0 0 0 1.7 3h16.2a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z',
  info: 'M12 11v6m0-9.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  signOut: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 1.8v2m0 16.4v2M1.8 12h2m16.4 0h2M4.8 4.8l1.4 1.4m11.6 11.6 1.4 1.4m0-14.4-1.4 1.4M6.2 17.8l-1.4 1.4',
  battery: 'M3 8h15v9H3zM21 11v3M6 11v3m3-3v3m3-3v3',
  house: 'M4 11 12 4l8 7v9H4zM10 20v-6h4v6',
  grid: 'M8 21 12 3l4 18M6 9h12M5 13h14M9 15l6 6m0-6-6 6',
  generator: 'M4 9h16v9H4zM7 9V6h6v3M8 13h3m3 0h2',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5m4-5v5',
  download: 'M12 4v11m-5-4.5 5 5 5-5M5 20h14',
  refresh: 'M20 12a8 8 0 1 1-2.4-5.7M20 3v4h-4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2',
  wind: 'M3 9h11a2.5 2.5 0 1 0-2.4-3.2M3 13h15a2.5 2.5 0 1 1-2.4 3.2M3 17h7a2.2 2.2 0 1 1-2 3',
  drop: 'M12 3.5s6 6.4 6 10.6a6 6 0 0 1-12 0C6 9.9 12 3.5 12 3.5Z',
  sunrise: 'M3 18h18M6 14a6 6 0 0 1 12 0M12 3v5m-2.5-2.5L12 3l2.5 2.5',
  sunset: 'M3 18h18M6 14a6 6 0 0 1 12 0M12 3v5m-2.5-2.5L12 8l2.5-2.5',
  key: 'M14.5 10.5 21 4m-3 3 2.5 2.5M11 10a5 5 0 1 1 0 9 5 5 0 0 1 0-9Z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
