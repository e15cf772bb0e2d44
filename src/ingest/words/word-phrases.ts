/** What several words mean together. */
export const PHRASES: readonly [RegExp, string][] = [
  [
    /\b(state|status)( of)? (charge|carga|carica)\b(?! (ah|k?wh|power|current|voltage|energy))|\b(charge|carica) (level|percent)\b/g,
    'soc',
  ],
  // `battery_dis_amps` beside `battery_chg_amps`.
  [/\bbattery dis (?=(current|power|energy)\b)/g, 'battery discharge '],
  // What EcoFlow calls a voltage.
  [/\binput potential\b/g, 'input voltage'],
  // Growatt's `etoUserToday`, `plocalLoadTotal`.
  [/\beto (?=(user|grid)\b)/g, 'energy to '],
  [/\bplocal load\b/g, 'load power'],
  // What inverters give the house out of the mains.
  [/\b(total |today |day )?(energy |power )?to user\b ?/g, '$1grid import $2'],
  [/\b(battery energy percent|percent (battery|storage) level)\b/g, 'battery soc'],
  // Registers are means over a moment: `battery average power`.
  [/\b(battery|pv|grid|mains|inverter|load|output) average (?=(voltage|current|power)\b)/g, '$1 '],
  // `potenza_carica`: of a battery it is no load.
  [/\bbattery (power|current|energy) (carica|ricarica|carga|recarga)\b/g, 'battery charge $1'],
  // What has a charge stores the energy.
  [/\benergy soc\b/g, 'battery soc'],
  [/\bpower apparent\b/g, 'apparent power'],
  [/\b(load|output) apparent$/g, '$1 apparent power'],
  [/\btariff (t[12]|ht|nt)\b/g, '$1'],
  // A driver of Venus OS: what is measured at its battery.
  [/\bdc 0 (?=(voltage|current|temperature)\b)/g, 'battery '],
  // `generated_all`, beside `generated_day`.
  [/\b(production|consumption|consumed|import|export|charge|discharge) all\b/g, '$1 total'],
  // `energy_curr_day`.
  [/\bcurrent day\b/g, 'today'],
  [/\bload ratio\b/g, 'load percent'],
  // `T_inv`.
  [/(^| )t (inverter|battery|bms)$/g, '$1$2 temperature'],
  [/(^| )t wr$/g, '$1inverter temperature'],
  // A unit that is the name of what is measured.
  [/^(?!.*\bfrequency\b)(.*)\bhz$/g, '$1frequency'],
  // What converts in two steps has a link between.
  [/\b(?:dc )?link voltage\b/g, 'bus voltage'],
  // `P_Last`: a load in German.
  [/^p last$/g, 'load power'],
  [/\bbattery %$/g, 'battery soc'],
  // The mains, and no computers'.
  [/\bnetwork (voltage|frequency)\b/g, 'grid $1'],
  // What goes in of several: `V In 1`, `Power In Total`.
  [/(^| )(v|voltage) in (\d)\b/g, '$1input $3 voltage'],
  [/(^| )(i|current) in (\d)\b/g, '$1input $3 current'],
  [/\bpower in (total|\d)\b/g, 'input $1 power'],
  [/\bac out v(\d)\b/g, 'output voltage l$1'],
  // Of panels it is the converter between them and a battery.
  [/\b(renogy|epever|mppt|solar) (?:charge )?controller (?=temperature\b)/g, '$1 inverter '],
  // A maker of batteries is called as a pool is in Czech.
  [/\bpool (?=bms\b)/g, 'basen '],
  // What Enphase's clamp at the mains says.
  [/\bnet consumption(?= ct\b)/g, 'grid'],
  // What Anker's storages give their house.
  [/\bsb home power\b/g, 'solarbank output power'],
  // Where a house's circuits begin, and no sun.
  [/\bmain panel\b/g, 'main circuit'],
  // An inverter's numbered inputs.
  [/\bmpp(?= ?\d\b)/g, 'mppt'],
  // A mean of the phases at one moment.
  [/\b(frequency|voltage) phase average\b/g, '$1'],
  // A model that ends so says nothing of what follows: `SolarFlow 2400 AC output power`.
  [/(?<=\b\d{3,5}) ac (?=(output|input|solar|battery|grid|device)\b)/g, ' '],
  // What meters of Wiren Board count: active, positive and negative.
  [/\bap energy\b/g, 'active import energy'],
  [/\ban energy\b/g, 'active export energy'],
  [/\btotal p$/g, 'total power'],
  // `dc-side/dc-measurements/power`.
  [/\b(dc|ac) side (?:\1 )?(?:measurements? )?/g, '$1 '],
  // What Victron's monitors count.
  [/\bamount (charge|discharge) energy\b/g, 'total $1 energy'],
  // What one inverter says of either.
  [/\bload or (?:eps|backup)\b/g, 'load'],
  [/\bgrid or meter\b/g, 'grid'],
  [/^import export power$/g, 'grid power'],
  // SMA's `GridMs.TotW.Pv`, `GridMs.PhV.phsA` and `Bat.ChaStt`.
  [/\btotal w (?=(in|out|pv)\b)/g, 'total power '],
  [/\bph v phs (?=[abc]\b)/g, 'ac voltage phase '],
  [/\bbattery cha stt\b/g, 'battery soc'],
  // SolarEdge's API: the day that is not over.
  [/\blifetime time data\b/g, 'lifetime'],
  [/\blast day data\b/g, 'today'],
  [/\bphase one\b/g, 'phase 1'],
  [/\bphase two\b/g, 'phase 2'],
  [/\bphase three\b/g, 'phase 3'],
  [/\bheat sink\b/g, 'heatsink'],
  [/\bpower active\b/g, 'active power'],
  [/\bpower input\b/g, 'input power'],
  // In Spanish a yield and a performance are one word; a day's and a lifetime's are yields.
  [/\brendimiento (today|total)\b/g, 'yield $1'],
  // `Today's yield`.
  [/\btoday s\b/g, 'today'],
  // What goes into a battery, and out of it again.
  [/\bbattery input energy\b/g, 'battery charge energy'],
  [/\bbattery output energy\b/g, 'battery discharge energy'],
  // `Bezug_Wirkleistung_Zaehler`.
  [/\b(import|export) (?:active )?power (?:meter|counter)$/g, '$1 total energy'],
  // Growatt's models are called so.
  [/\bgrowatt (min|max|mid|mac|mic|mod)\b/g, 'growatt'],
  // Tariffs by their hours.
  [/\boff peak hours?\b/g, 'channel 2'],
  [/(?<!sun |solar |pv )\bpeak hours?\b/g, 'channel 1'],
  // What a JK battery was told that it holds.
  [/\btotal battery capacity setting\b/g, 'battery capacity'],
  // What an inverter gave to the grid.
  [/\b(?:on grid|ongrid) (energy|electricity)\b/g, 'grid export $1'],
  [/\bpower output apparent\b/g, 'apparent power output'],
  [/\blevel charge\b/g, 'soc'],
  [/\bbattery stand\b/g, 'battery soc'],
  [/\bstate( of)? (capacity|energy)\b(?! (manager|management|meter|system)\b)/g, 'soc'],
  [/\b([abc]) phase\b/g, 'phase $1'],
  [/\bstate( of)? health\b/g, 'soh'],
  [/\bbattery level\b|\blevel battery\b|\belectric level\b/g, 'battery soc'],
  [/\b(feed|fed) in ?to grid\b/g, 'grid export'],
  [/\b(feed|fed) in ?to (?=(house|home)\b)/g, 'output to '],
  [/\b(grid )?(feed|fed)( in)?( grid)?\b(?! to\b)/g, 'grid export'],
  [/\bsupply (total )?(from )?grid\b/g, '$1grid import'],
  [/\b(feed|fed) to\b/g, 'export to'],
  [/\b(battery )carga\b|\b(?:carga|carica|ricarica)( battery)\b/g, '$1charge$2'],
  [/\bkilo ?(watt|power) hours?\b/g, 'kwh'],
  [/\bpower hours?\b/g, 'wh'],
  [/\b(current|amp) hours?\b/g, 'ah'],
  [/\b(w|power) now\b/g, 'power'],
  [/\b(pompe|pompa|bomba) (a )?(chaleur|ciepla|calore|calor)\b/g, 'heat pump'],
  [/\bresidual(?= capacity)|(?<=\bcapacity )residual\b/g, 'remaining'],
  [/\b(today|total|day) gen\b/g, '$1 production'],
  // Of an inverter; a `gen power` is a generator's.
  [/\bpower gen\b/g, 'power production'],
  // `E_genDay`.
  [/\be gen (today|total|day)\b/g, 'production energy $1'],
  [/\bpercent charge$/g, 'battery soc'],
  [/\bbattery (remaining percent|percent remaining)\b/g, 'battery soc'],
  [/\blave linge\b/g, 'washing'],
  [/\bcurrent meter\b/g, 'electricity meter'],
  [/\b(power|energy) meter\b(?= \w)/g, 'meter'],
  // `Frequency (powermeter)`.
  [/\b(frequency|current|voltage|power|energy)\b(.*) (?:power|energy) meter$/g, '$1$2 meter'],
  [/\b(grid|home) \1\b/g, '$1'],
  // `immessa in rete`.
  [/\b(grid (?:import|export)) in grid\b/g, '$1'],
  [/\b(?:in )?house fed\b/g, 'output to house'],
  [/\bhigh res(olution)?\b/g, ''],
  [/\bpower power\b/g, 'power'],
  // What Enphase's own meter of production says.
  [/\bprod(uction)? eim\b/g, 'production'],
  // What is used beyond what is made is bought.
  [
    /\bnet power consumption\b|\b(net consumption|consumption net)( \w+)? power\b|\bnet consumption$/g,
    'grid drawn power',
  ],
  [/\bnet energy consumption\b/g, 'grid import energy'],
  [/\bnet energy production\b/g, 'grid export energy'],
  [/\b(momentary|instantaneous) (active )?(import|export)$/g, 'active $3 power'],
  // A Powerwall calls the grid's side the site, and what its battery took in imported.
  [/\bpowerwall site\b/g, 'powerwall grid'],
  [/\bpowerwall load (import|imported)\b/g, 'powerwall load consumption'],
  [/\bpowerwall solar (export|exported)\b/g, 'powerwall solar production'],
  [/\bpowerwall charge$/g, 'powerwall soc'],
  [/\bbattery (import|imported)\b/g, 'battery charge'],
  [/\bbattery (export|exported)\b/g, 'battery discharge'],
  [/\bsolaredge storage\b/g, 'solaredge battery'],
  // What SolarEdge's readers number: `b1`, `m1`, `i1`.
  [/\bsolaredge b(\d)\b/g, 'battery$1'],
  [/\bsolaredge m1\b/g, 'solaredge meter'],
  [/\bsolaredge m[23]\b/g, 'solaredge second meter'],
  [/\bsolaredge i(\d)\b/g, 'solaredge inverter$1'],
  // Makers who have a battery in their names.
  [/\b(fox|alpha) ess\b/g, '$1ess'],
  // In the neutral wire.
  [/^n (a|current)$|\bcurrent n$/g, 'neutral current'],
  // Between a phase and the neutral wire.
  [/\bl([123])n\b/g, 'l$1'],
  [/\bbattery health\b/g, 'battery soh'],
  // Which way of them is counted as positive is read elsewhere (`maker-signs.ts`).
  [/\bcharge (?:minus|plus|negative|positive) (?:(?:or|and) )?discharge (?:minus|plus|negative|positive) /g, ''],
  [/\bbattery p$/g, 'battery power'],
  // `chargeDischargePower`: both ways in one number.
  [/^current (.*)\b(charge discharge|discharge charge)$/g, '$1battery power'],
  [
    /\b((?:charge|carica|ricarica|carga|recarga) ((?:and|or|und|y|e|et|en|o) )?discharge|discharge charge)\b/g,
    'battery',
  ],
  // What an inverter gives a house that has no mains.
  [
    /\boff ?grid (?=((active|apparent|output|total|ac|phase|l[123]|[abc]) )*(voltage|current|frequency|power)\b)/g,
    'backup ',
  ],
  [/\blead acid (?=temp)/g, 'battery '],
  [/\bsince (installation|commissioning)\b/g, 'lifetime'],
  [/\bbattery battery\b/g, 'battery'],
  // What flows now: `currentPvGeneration`.
  [
    /^(current|actual|now|instant|instantaneous) (?=.*\b(production|consumption|power)$)(.*\b(?:production|consumption))$/g,
    '$3 power',
  ],
];
