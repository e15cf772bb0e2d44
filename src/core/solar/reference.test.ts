import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { cosDeg } from './angles.ts';
import { absoluteAirMass, extraterrestrialWm2, relativeAirMass } from './atmosphere.ts';
import * as cell from './cell-temperature.ts';
import { haurwitzGhiWm2, ineichenClearSky } from './clear-sky.ts';
import { discDniWm2, erbs, orgillHollands } from './decomposition.ts';
import { sunCoordinates } from './ephemeris.ts';
import { ashraeModifier, glassModifier } from './incidence.ts';
import { createSunTracker, incidenceAngleDeg, sunPosition } from './position.ts';
import { pvwattsAcW, pvwattsDcW } from './pvwatts.ts';
import { planeIrradiance, type SkyModel } from './transposition.ts';

/**
 * Every model of this folder against tables that pvlib computed (BSD-3, commit 6382338a), 400 random rows each. The largest
 * deviation of each column is compared with its tolerance; `AMPRA_SHOW_DEVIATIONS=1` prints them.
 */
const folder = process.env.AMPRA_TEST_DATA;

type Row = Record<string, number> & { time_utc?: never };

async function table(name: string): Promise<{ row: Row; text: Record<string, string> }[]> {
  const bytes = new Uint8Array(await Bun.file(join(folder ?? '', 'solar_ref', name)).arrayBuffer());
  const [head = '', ...lines] = new TextDecoder().decode(Bun.gunzipSync(bytes)).trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const text = Object.fromEntries(line.split(',').map((cellText, index) => [names[index] ?? '', cellText]));
    const row = Object.fromEntries(
      Object.entries(text).map(([key, value]) => [key, value === '' ? Number.NaN : Number(value)]),
    );
    return { row: row as Row, text };
  });
}

/** The largest deviation a column shows. */
function worst(label: string, pairs: readonly (readonly [mine: number, theirs: number])[], relativeTo = 0): number {
  const deviations = pairs.map(([mine, theirs]) => {
    if (Number.isNaN(mine) && Number.isNaN(theirs)) return 0;
    return Math.abs(mine - theirs) / (relativeTo > 0 ? Math.max(relativeTo, Math.abs(theirs)) : 1);
  });
  const largest = Math.max(...deviations);
  if (process.env.AMPRA_SHOW_DEVIATIONS) console.log(`${label}: ${largest.toPrecision(2)}`);
  expect(pairs.length).toBeGreaterThanOrEqual(400);
  expect(deviations.some(Number.isNaN)).toBe(false);
  return largest;
}

const n = (row: Row, name: string): number => row[name] ?? Number.NaN;
const turned = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

describe.skipIf(!folder)('the reference tables', () => {
  test('solar position agrees to 0.01 degrees, the equation of time to half a second', async () => {
    const rows = await table('solar_position_clearsky.csv.gz');
    const places = rows.map(({ row, text }) => {
      const place = { latitude: n(row, 'latitude'), longitude: n(row, 'longitude') };
      const air = { pressurePa: n(row, 'pressure_pa'), temperatureC: n(row, 'temperature_c') };
      const time = Date.parse(text.time_utc ?? '');
      return { row, time, mine: sunPosition(time, place, air), quick: createSunTracker(place, air)(time) };
    });
    expect(
      worst(
        'zenith',
        places.map(({ row, mine }) => [mine.zenithDeg, n(row, 'zenith')]),
      ),
    ).toBeLessThan(0.01);
    const apparent = places.map(({ row, mine }) => [mine.apparentZenithDeg, n(row, 'apparent_zenith')] as const);
    expect(worst('apparent zenith', apparent)).toBeLessThan(0.01);
    // Near the zenith a direction means little: what counts is the angle on the sky.
    const azimuths = places.map(({ row, mine }) => {
      const turnedBy = turned(mine.azimuthDeg, n(row, 'azimuth'));
      return [turnedBy * Math.sqrt(1 - cosDeg(n(row, 'zenith')) ** 2), 0] as const;
    });
    expect(worst('azimuth', azimuths)).toBeLessThan(0.01);
    const quick = places.map(({ mine, quick }) => [quick.zenithDeg, mine.zenithDeg] as const);
    expect(worst('tracker against position', quick)).toBeLessThan(0.001);
    const equation = places.map(
      ({ row, time }) => [sunCoordinates(time).equationOfTimeMin, n(row, 'equation_of_time_min')] as const,
    );
    expect(worst('equation of time, min', equation)).toBeLessThan(0.5 / 60);
  });

  test('clear sky, air mass and extraterrestrial irradiance agree to 0.5 %', async () => {
    const rows = (await table('solar_position_clearsky.csv.gz')).map(({ row }) => row);
    expect(
      worst(
        'relative air mass',
        rows.map((r) => [relativeAirMass(n(r, 'apparent_zenith')), n(r, 'airmass_relative')]),
        1,
      ),
    ).toBeLessThan(0.005);
    const absolute = rows.map(
      (r) => [absoluteAirMass(n(r, 'airmass_relative'), n(r, 'pressure_pa')), n(r, 'airmass_absolute')] as const,
    );
    expect(worst('absolute air mass', absolute, 1)).toBeLessThan(0.005);
    const skies = rows.map((r) => ({
      r,
      sky: ineichenClearSky({
        apparentZenithDeg: n(r, 'apparent_zenith'),
        airMass: n(r, 'airmass_absolute'),
        linkeTurbidity: n(r, 'linke_turbidity'),
        altitudeM: n(r, 'altitude_m'),
        extraterrestrialWm2: n(r, 'dni_extra'),
      }),
    }));
    expect(
      worst(
        'Ineichen GHI',
        skies.map(({ r, sky }) => [sky.ghiWm2, n(r, 'ineichen_ghi')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'Ineichen DNI',
        skies.map(({ r, sky }) => [sky.dniWm2, n(r, 'ineichen_dni')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'Ineichen DHI',
        skies.map(({ r, sky }) => [sky.dhiWm2, n(r, 'ineichen_dhi')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'Haurwitz GHI',
        rows.map((r) => [haurwitzGhiWm2(n(r, 'apparent_zenith')), n(r, 'haurwitz_ghi')]),
        1,
      ),
    ).toBeLessThan(0.005);
  });

  test('light outside the atmosphere agrees by the day of the year to 0.5 %', async () => {
    const rows = await table('solar_position_clearsky.csv.gz');
    const pairs = rows.map(({ row, text }) => {
      const time = Date.parse(text.time_utc ?? '');
      const day = Math.floor((time - Date.UTC(new Date(time).getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
      return [extraterrestrialWm2(day), n(row, 'dni_extra')] as const;
    });
    expect(worst('extraterrestrial', pairs, 1)).toBeLessThan(0.005);
  });

  test('decomposition agrees to 0.5 %', async () => {
    const rows = (await table('decomposition.csv.gz')).map(({ row }) => row);
    const inputs = (r: Row) => [n(r, 'ghi'), n(r, 'zenith'), n(r, 'dayofyear_2023')] as const;
    expect(
      worst(
        'Erbs DNI',
        rows.map((r) => [erbs(...inputs(r)).dniWm2, n(r, 'erbs_dni')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'Erbs DHI',
        rows.map((r) => [erbs(...inputs(r)).dhiWm2, n(r, 'erbs_dhi')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'DISC DNI',
        rows.map((r) => [discDniWm2(...inputs(r)), n(r, 'disc_dni')]),
        1,
      ),
    ).toBeLessThan(0.005);
    const orgill = rows.map((r) => ({ r, mine: orgillHollands(...inputs(r)) }));
    expect(
      worst(
        'Orgill-Hollands DNI',
        orgill.map(({ r, mine }) => [mine.dniWm2, n(r, 'orgill_hollands_dni')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'Orgill-Hollands DHI',
        orgill.map(({ r, mine }) => [mine.dhiWm2, n(r, 'orgill_hollands_dhi')]),
        1,
      ),
    ).toBeLessThan(0.005);
  });

  const models: [SkyModel, string][] = [
    ['isotropic', 'poa_isotropic'],
    ['klucher', 'poa_klucher'],
    ['hay-davies', 'poa_haydavies'],
    ['reindl', 'poa_reindl'],
    ['king', 'poa_king'],
    ['perez', 'poa_perez'],
  ];
  test.each(models)('light on a tilted plane after %s agrees to 0.5 %%', async (model, column) => {
    const rows = (await table('transposition.csv.gz')).map(({ row }) => row);
    const pairs = rows.map((r) => {
      const { beamWm2, skyWm2, groundWm2 } = transposed(r, model);
      return [beamWm2 + skyWm2 + groundWm2, n(r, column)] as const;
    });
    expect(worst(column, pairs, 1)).toBeLessThan(0.005);
  });

  test('its parts, the angle of incidence and what the glass lets through agree', async () => {
    const rows = (await table('transposition.csv.gz')).map(({ row }) => row);
    const parts = rows.map((r) => ({ r, mine: transposed(r, 'hay-davies') }));
    expect(
      worst(
        'beam',
        parts.map(({ r, mine }) => [mine.beamWm2, n(r, 'haydavies_poa_direct')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'sky',
        parts.map(({ r, mine }) => [mine.skyWm2, n(r, 'haydavies_poa_sky_diffuse')]),
        1,
      ),
    ).toBeLessThan(0.005);
    expect(
      worst(
        'ground',
        parts.map(({ r, mine }) => [mine.groundWm2, n(r, 'haydavies_poa_ground_diffuse')]),
        1,
      ),
    ).toBeLessThan(0.005);
    const angles = rows.map(
      (r) => [incidenceAngleDeg(sunOf(r), n(r, 'surface_tilt'), n(r, 'surface_azimuth')), n(r, 'aoi')] as const,
    );
    expect(worst('angle of incidence', angles)).toBeLessThan(0.01);
    expect(
      worst(
        'glass',
        rows.map((r) => [glassModifier(n(r, 'aoi')), n(r, 'iam_physical_n1.526_K4_L0.002')]),
      ),
    ).toBeLessThan(0.001);
    expect(
      worst(
        'ASHRAE',
        rows.map((r) => [ashraeModifier(n(r, 'aoi')), n(r, 'iam_ashrae_b0.05')]),
      ),
    ).toBeLessThan(0.001);
  });

  test('cell temperatures agree to 0.05 K and PVWatts to 0.5 %', async () => {
    const rows = (await table('temperature_power.csv.gz')).map(({ row }) => row);
    const inputs = (r: Row) => [n(r, 'poa'), n(r, 'temp_air'), n(r, 'wind_speed')] as const;
    const columns: [string, (r: Row) => number][] = [
      ['sapm_cell_open_rack_glass_glass', (r) => cell.sapmCellC(...inputs(r), 'openRackGlassGlass')],
      ['sapm_cell_close_mount_glass_glass', (r) => cell.sapmCellC(...inputs(r), 'closeMountGlassGlass')],
      ['pvsyst_freestanding_u29_eff0_1', (r) => cell.pvsystCellC(...inputs(r))],
      ['pvsyst_insulated_u15', (r) => cell.pvsystCellC(...inputs(r), 15)],
      ['faiman_25_6_84', (r) => cell.faimanC(...inputs(r))],
      ['ross_noct45', (r) => cell.rossCellC(n(r, 'poa'), n(r, 'temp_air'))],
      ['noct_sam_45_eff0_2', (r) => cell.noctSamCellC(...inputs(r))],
    ];
    for (const [column, mine] of columns) {
      expect(
        worst(
          column,
          rows.map((r) => [mine(r), n(r, column)]),
        ),
      ).toBeLessThan(0.05);
    }
    const dc = rows.map(
      (r) =>
        [
          pvwattsDcW(n(r, 'poa'), n(r, 'sapm_cell_open_rack_glass_glass'), 5000),
          n(r, 'pvwatts_dc_5000W_gamma_-0.004'),
        ] as const,
    );
    expect(worst('PVWatts DC', dc, 1)).toBeLessThan(0.005);
    const ac = rows.map(
      (r) => [pvwattsAcW(n(r, 'pvwatts_dc_5000W_gamma_-0.004'), 4200), n(r, 'pvwatts_ac_pdc0_4200_eta0.96')] as const,
    );
    expect(worst('PVWatts AC', ac, 1)).toBeLessThan(0.005);
  });
});

function sunOf(r: Row) {
  const zenithDeg = n(r, 'solar_zenith');
  return { zenithDeg, apparentZenithDeg: zenithDeg, azimuthDeg: n(r, 'solar_azimuth') };
}

function transposed(r: Row, model: SkyModel) {
  const input = {
    ghiWm2: n(r, 'ghi'),
    dniWm2: n(r, 'dni'),
    dhiWm2: n(r, 'dhi'),
    sun: sunOf(r),
    extraterrestrialWm2: n(r, 'dni_extra'),
    airMass: n(r, 'airmass_relative'),
    albedo: n(r, 'albedo'),
  };
  return planeIrradiance(input, { tiltDeg: n(r, 'surface_tilt'), azimuthDeg: n(r, 'surface_azimuth') }, model);
}
