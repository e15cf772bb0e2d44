import { describe, expect, test } from 'bun:test';
import { meaningAt } from './plain-meaning.ts';

const metricOf = (name: string, unit: string) =>
  meaningAt(`solis/${name}`, { device: 'inverter', unit, isPhased: false })?.metric ?? null;

/** Words beside a measured value that make it a limit, a mean, a guess or another thing, by language. */
const ASIDE: Record<string, string> = {
  German: 'Spitzenwert Durchschnitt erwartet geschätzt verfügbar Verlust Ziel geplant Restprognose',
  French: 'pointe moyenne minimale prévue attendue estimée disponible perte',
  Spanish: 'promedio máxima mínima prevista esperada disponible pérdida',
  Italian: 'picco massima prevista stimata attesa disponibile perdita',
  Dutch: 'piek gemiddeld maximaal verwacht begrenzing beschikbaar verlies',
  Polish: 'szczytowa średnia maksymalna prognozowana ograniczenie dostępna strata',
  Czech: 'špička průměrný maximální očekávaný omezení dostupný ztráta',
  Hungarian: 'csúcs átlag maximális várható becsült korlát veszteség',
  Swedish: 'topp medelvärde prognos förväntad gräns förlust',
  Finnish: 'huippu keskiarvo maksimi ennuste raja häviö',
  Russian: 'пиковая средняя ожидаемая номинальная доступная потери',
};

describe('what stands beside a power in other languages', () => {
  test('is known, so that no limit, mean or guess is taken for it', () => {
    const all = Object.values(ASIDE).flatMap((words) => words.split(' '));
    const taken = all.filter((word) => metricOf(`PV_power_${word}`, 'W') ?? metricOf(`${word}_PV_power`, 'W'));
    expect(taken).toEqual([]);
    expect(metricOf('PV_power', 'W')).toBe('solarPower');
  });

  test.each(['Zellspannung', 'tension_cellule', 'cella_voltage', 'voltage_ogniwa', 'напряжение_ячейки'])(
    'is known of a cell, which is no battery: %s',
    (word) => {
      expect(metricOf(`battery_${word}`, 'V')).not.toBe('batteryVoltage');
    },
  );

  test.each([
    ['grid_power_bierna', 'W'],
    ['Netz_Blind_Leistung', 'W'],
    ['load_power_reattiva', 'W'],
    ['inverter_temperature_Umgebung', '°C'],
    ['inverter_temperature_ambiante', '°C'],
    ['pv_energy_today_remaining', 'kWh'],
    ['pv_power_loss', 'W'],
    ['battery_soc_backup', '%'],
    ['battery_soc_on_grid', '%'],
    ['Notstrom_SOC', '%'],
    ['soc_reserva', '%'],
    ['Untergrenze_SOC', '%'],
    ['battery_voltage_equalize', 'V'],
    ['battery_voltage_Wiedereinschalt', 'V'],
    ['battery_absorptie_voltage', 'V'],
    ['grid_sobretensión_voltage', 'V'],
    ['grid_voltage_Schutz', 'V'],
  ])('is known of other things: %s', (name, unit) => {
    expect(metricOf(name, unit)).toBeNull();
  });
});
