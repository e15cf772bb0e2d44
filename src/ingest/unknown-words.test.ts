import { describe, expect, test } from 'bun:test';
import { meaningAt } from './plain-meaning.ts';

const metricOf = (name: string, unit = 'kWh') =>
  meaningAt(`solis/${name}`, { device: 'inverter', unit, isPhased: false })?.metric ?? null;

describe('a counter of panels', () => {
  test.each([
    ...[
      'produktion_dagens',
      'Døgn produktion',
      'tuotto_päivän',
      'produkcja_dobowa',
      'Production journée',
      'günlük üretim',
    ],
    ...['proizvodnja_danas', 'produccio_avui', 'выработка_за_сутки', 'генерація_денна', 'produzione_odierna'],
  ])('is a day’s: %s', (name) => {
    expect(metricOf(name)).toBe('dailyEnergyProduced');
  });

  test.each([
    ...['PV Woche', 'Ertrag_monatlich', 'Vorjahr_Ertrag', 'pv_semaine', 'production_annuelle', 'produkcja_miesiąc'],
    ...['výroba_měsíční', 'pv_vecka', 'produktion_år', 'produktion i går', 'tuotto_kuukausi', 'üretim_aylık', 'pv_yıl'],
    ...['выработка_за_неделю', 'генерація_місячна', 'pv_quarter', 'productie_saptamana', 'pv_leto'],
  ])('is none of a lifetime when it counts another time: %s', (name) => {
    expect(metricOf(name)).toBeNull();
  });

  test.each(['pv_σήμερα', 'PV本月发电量', 'pv_xyzzy'])(
    'is none when its name has a word that nobody knows: %s',
    (name) => {
      expect(metricOf(name)).toBeNull();
    },
  );

  test.each(['pv_energy', 'garage_pv_energy', 'WagoErtrag', 'pv_cum_energy', 'Ertrag', 'energy_yield_accumulated'])(
    'is one of a lifetime without such a word: %s',
    (name) => {
      expect(metricOf(name)).toBe('totalEnergyProduced');
    },
  );
});
