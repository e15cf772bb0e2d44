import { describe, expect, test } from 'bun:test';
import { meaningAt } from '../plain/plain-meaning.ts';

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

describe('what is used', () => {
  const used = (path: string, unit = 'W') =>
    meaningAt(path, { device: 'inverter', unit, isPhased: false })?.metric ?? null;

  test.each([
    ...['solis/kitchen_load_power', 'solis/Küche Verbrauch Leistung', 'ems/energy/kitchen/consumption_power'],
    ...[
      'solis/consumo_cocina_potencia',
      'solis/load_power_nilan',
      'solis/spotřeba_ložnice_výkon',
      'solis/xyzzy_load_power',
    ],
  ])('is no house’s where a room or a name that nobody knows stands beside: %s', (path) => {
    expect(used(path)).toBeNull();
  });

  test('is no house’s energy either', () => {
    expect(used('solis/kitchen_consumption_today', 'kWh')).toBeNull();
    expect(used('solis/nilan_consumption_total', 'kWh')).toBeNull();
  });

  test.each([
    ...[
      'solis/load_power',
      'solis/sun12k_load_power',
      'solis/total_load_power',
      'solis/Hausverbrauch',
      'solis/lux_home_load_power',
    ],
    ...['solis/load_power_l1', 'victron/consumption_power_w', 'solis/Leistung_Verbrauch_aktuell'],
  ])('is the house’s: %s', (path) => {
    expect(used(path)).toBe('loadPower');
  });
});
