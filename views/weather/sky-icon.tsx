import type { SkyLook } from '../../src/weather/wmo-code.ts';

/** Line pictures of 32 x 32 in the text's colour; the words beside them say the same. */
const sun = { cx: 16, cy: 16, r: 6 };
const rays = 'M16 3v3M16 26v3M3 16h3M26 16h3M6.8 6.8l2.1 2.1M23.1 23.1l2.1 2.1M25.2 6.8l-2.1 2.1M8.9 23.1l-2.1 2.1';
const moon = 'M24.5 19.5A9.5 9.5 0 0 1 12.5 7.5a9.5 9.5 0 1 0 12 12Z';
const cloud = 'M10 24h12.5a5 5 0 0 0 .8-9.94 7.5 7.5 0 0 0-14.5 1.5A4.25 4.25 0 0 0 10 24Z';
const highCloud = 'M10 20h12.5a5 5 0 0 0 .8-9.94 7.5 7.5 0 0 0-14.5 1.5A4.25 4.25 0 0 0 10 20Z';
const peepingSun = 'M7.5 12.5A5.5 5.5 0 0 1 16.5 7.2M11.5 2.5v2M4.5 5.5 5.9 6.9M1.8 12.5h2M17.8 6.2 19 5';
const peepingMoon = 'M7 13a6.5 6.5 0 0 1 3.5-8.5 6.5 6.5 0 0 0 4.5 4';

interface Picture {
  paths: readonly string[];
  hasSun?: boolean;
}

function pictureOf(look: SkyLook, isNight: boolean): Picture {
  switch (look) {
    case 'clear':
      return isNight ? { paths: [moon] } : { paths: [rays], hasSun: true };
    case 'mostlyClear':
      return isNight
        ? { paths: [moon, 'M4 26h9'] }
        : { paths: [rays.replace('M8.9 23.1l-2.1 2.1', ''), 'M3 26h8'], hasSun: true };
    case 'partlyCloudy':
      return { paths: [cloud, isNight ? peepingMoon : peepingSun] };
    case 'overcast':
      return { paths: [cloud, 'M9.5 9.5A6 6 0 0 1 18 6.5'] };
    case 'fog':
      return { paths: [highCloud, 'M5 24h17M10 28h17'] };
    case 'drizzle':
      return { paths: [highCloud, 'M11 24v1M16 26v1M21 24v1'] };
    case 'rain':
      return { paths: [highCloud, 'M12 23.5l-1.5 5M17 23.5l-1.5 5M22 23.5l-1.5 5'] };
    case 'freezingRain':
      return { paths: [highCloud, 'M12 23.5l-1.5 5M22 23.5l-1.5 5M16.5 26h.01'] };
    case 'snow':
      return { paths: [highCloud, 'M11 24.5h.01M16 24.5h.01M21 24.5h.01M13.5 28h.01M18.5 28h.01'] };
    case 'showers':
      return { paths: [highCloud, isNight ? '' : 'M6 9.5A5 5 0 0 1 10 4.5', 'M13 23.5l-1.5 5M20 23.5l-1.5 5'] };
    case 'snowShowers':
      return { paths: [highCloud, 'M12 24.5h.01M20 24.5h.01M16 28h.01'] };
    case 'thunder':
      return { paths: [highCloud, 'M17 22l-3 4h4l-3 4'] };
  }
}

/** How the sky looks. Decorative: its words stand beside it or are read out in its place. */
export function SkyIcon({
  look,
  isNight = false,
  size = 32,
}: {
  look: SkyLook | null;
  isNight?: boolean;
  size?: number;
}) {
  const picture = look === null ? { paths: ['M12 16h8'] } : pictureOf(look, isNight);
  return (
    <svg class="sky" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      {picture.hasSun && <circle {...sun} />}
      {picture.paths.filter(Boolean).map((d) => (
        <path d={d} />
      ))}
    </svg>
  );
}
