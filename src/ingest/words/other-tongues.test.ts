import { describe, expect, test } from 'bun:test';
import { meaningAt } from '../plain/plain-meaning.ts';
import { englishWords } from './name-words.ts';

const metricOf = (name: string, unit: string) =>
  meaningAt(`solis/${name}`, { device: 'inverter', unit, isPhased: false })?.metric ?? null;

/** Words beside a measured value that make it a limit, a mean, a guess or another thing, by language. */
const ASIDE: Record<string, string> = {
  German: `Spitzenwert Durchschnitt erwartet geschätzt verfügbar Verlust Ziel geplant Restprognose Schwelle Grenzwert Soll Obergrenze
    Höchste niedrigste letzte Woche Preis Vorgabe Einstellung`,
  French: `pointe moyenne minimale prévue attendue estimée disponible perte seuil cible consigne limite dernière semaine prix réglage`,
  Spanish: `promedio máxima mínima prevista esperada disponible pérdida umbral objetivo consigna límite último semana precio ajuste`,
  Italian: `picco massima prevista stimata attesa disponibile perdita soglia obiettivo limite ultimo settimana prezzo impostazione`,
  Portuguese: `pico máxima mínima prevista média disponível perda limiar alvo limite última semana preço ajuste`,
  Dutch: `piek gemiddeld maximaal verwacht begrenzing beschikbaar verlies drempel doel grens hoogste laagste vorige week prijs instelling`,
  Polish: `szczytowa średnia maksymalna prognozowana ograniczenie dostępna strata próg cel granica najwyższa najniższa ostatnia tydzień cena nastawa`,
  Czech: `špička průměrný maximální očekávaný omezení dostupný ztráta práh cíl mez nejvyšší nejnižší minulý týden cena nastavení`,
  Hungarian: `csúcs átlag maximális várható becsült korlát veszteség küszöb cél határ legnagyobb legkisebb előző hét ár beállítás`,
  Swedish: `topp medelvärde prognos förväntad gräns förlust tröskel mål högsta lägsta senaste vecka pris inställning börvärde`,
  Danish: `spids gennemsnit forventet grænse tab tærskel mål højeste laveste sidste uge pris indstilling`,
  Norwegian: `topp gjennomsnitt forventet grense tap terskel mål høyeste laveste siste uke pris innstilling`,
  Finnish: `huippu keskiarvo maksimi ennuste raja häviö kynnys tavoite korkein alin edellinen viikko hinta asetus`,
  Romanian: `vârf medie maximă estimată disponibilă limită pierdere prag țintă ultima săptămână preț setare`,
  Croatian: `vrh prosjek maksimalna očekivana granica gubitak prag cilj najviša najniža zadnja tjedan cijena postavka`,
  Turkish: `tepe ortalama azami beklenen sınır kayıp eşik hedef önceki hafta fiyat ayar`,
  Ukrainian: `пікова середня очікувана номінальна доступна втрати поріг цільова попередня тиждень ціна налаштування`,
  Russian: `пиковая средняя ожидаемая номинальная доступная потери порог целевая предыдущая неделя цена уставка настройка`,
};

describe('what stands beside a power in other languages', () => {
  test('is known, so that no limit, mean or guess is taken for it', () => {
    const all = Object.values(ASIDE).flatMap((words) => words.split(/\s+/));
    const taken = (name: string, unit: string) =>
      all.filter((word) => metricOf(`${name}_${word}`, unit) ?? metricOf(`${word}_${name}`, unit));
    expect(taken('PV_power', 'W')).toEqual([]);
    expect(taken('grid_import_power', 'W')).toEqual([]);
    expect(taken('battery_voltage', 'V')).toEqual([]);
    // A mean state of charge is of several packs.
    const isMean = (word: string) => /^(avg|average)$/.test(englishWords(word));
    expect(taken('battery_soc', '%').filter((word) => !isMean(word))).toEqual([]);
    expect(taken('termelés_kWh', 'kWh')).toEqual([]);
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
