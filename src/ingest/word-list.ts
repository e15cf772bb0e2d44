/** English words for what devices call the same things in other languages, by language; and their short forms. */
const say = (english: string, words: string): [string, string][] => words.split(' ').map((word) => [word, english]);

const KINDS = [
  ...say(
    'power',
    'watt watts wat pow pwr wattage leistung wirkleistung puissance potencia potenza potencial vermogen moc effekt',
  ),
  ...say('power', 'mocy vykon teljesitmeny teho putere powers'),
  ...say('power', 'effekten vykonu teljesitmenye'),
  ...say('apparent power', 'scheinleistung'),
  ...say('apparent', 'aparente apparente apparenta schijnbaar pozorna zdanliva'),
  ...say('active', 'activa attiva aktive aktiv aktivni actief czynna active'),
  ...say('string', 'stringa strang chaine cadena'),
  ...say('reactive power', 'blindleistung'),
  ...say('voltage', 'volt volts vol spannung tension voltaje tensione spanning spaenning napiecie napeti tensao'),
  ...say('voltage', 'feszultseg jannite tensiune voltages'),
  ...say('voltage', 'urms vrms spaending naetspaending feszultsege fesz'),
  ...say(
    'current',
    'strom ampere amperes amperage amps amp curr cur courant corriente corrente stroom stroem prad proud',
  ),
  ...say('current', 'intensite intensidad virta curent currents'),
  ...say('current', 'aram strommen irms'),
  ...say('frequency', 'freq frequenz frequence frecuencia frequenza frequentie frequenzy frekvens frekvence'),
  ...say('frequency', 'czestotliwosc frequencia frekvencia taajuus frecventa'),
  ...say(
    'temperature',
    'temp temps temper tmp temperatur temperatura temperatuur temperature temperatures teplota homerseklet',
  ),
  ...say('energy', 'energie energia energi energiemenge energias'),
  ...say('total energy', 'maetarstaellning matarstallning zaehlerstand meterstand tellerstand maalerstand malerstand'),
  ...say('energy wh', 'wattstunden'),
  ...say('active energy', 'wirkenergie wirkarbeit'),
  ...say('reactive energy', 'blindenergie blindarbeit'),
  ...say('energy kwh', 'kilowattstunden'),
  ...say('percent', 'pct perc prozent percentage percentuale porcentaje pourcentage procent'),
  ...say('voltage', 'napruga naprugy napryazhenie napryazheniye'),
  ...say('power', 'potuzhnist potuzhnosti potuznist moshchnost moschnost'),
  ...say('frequency', 'chastota chastoty'),
  ...say('capacity', 'kapazitaet capacite capacita capacidad capaciteit'),
];

const PLACES = [
  ...say('pv', 'fv photovoltaik photovoltaique photovoltaics fotovoltaico fotovoltaica fotovoltaici fotowoltaika'),
  ...say('pv', 'fotowoltaiki fotovoltaika fotovoltaicka solaranlage solarpv pvs zonnepanelen zonnepaneel solceller'),
  ...say('pv', 'solcelle fve paneles placas panneaux panneau pannelli panele paneli napelem aurinkopaneelit'),
  ...say('solar', 'renewable renewables'),
  ...say('solar', 'solaire solaires solare sonne zon zonne solares aurinko photovolt sun'),
  ...say(
    'grid',
    'netz reseau rete mains utility stromnetz siec sieci sit halozat halozati rede verkko naet elnaet retea',
  ),
  ...say(
    'battery',
    'batterie batterien bateria baterias batteria batterij batterijen akku accu speicher bat batt bats',
  ),
  ...say(
    'battery',
    'batteri baterie baterii akumulator akumulatora akkumulator accumulo batteriespeicher hausspeicher',
  ),
  ...say('battery', 'thuisbatterij akun'),
  ...say('battery', 'batteriets batteriet huisbatterij thuisaccu akkupack akumulatory akkumulatoros'),
  ...say('battery', 'batareia batarei batareya batareyi akumuliator akb'),
  ...say('grid', 'merezha merezhi merezhy'),
  ...say('load', 'navantazhennia navantazhennya nagruzka nagruzki'),
  ...say('consumption', 'spozhyvannia spozhyvannya'),
  ...say(
    'inverter',
    'wechselrichter onduleur inversor omvormer falownik falownika stridac invertor invertora vaexelriktare vaxelriktare inv',
  ),
  ...say('consumption', 'verbrauch consommation consumo verbruik consumi foerbrukning forbrug forbruk zuzycie conso'),
  ...say('consumption', 'spotreba fogyasztas kulutus consum stromverbrauch gesamtverbrauch elforbrug elfoerbrukning'),
  ...say('load', 'hausverbrauch husforbrug husfoerbrukning huisverbruik hausverbrauchs obciazenie zatez'),
  ...say(
    'house',
    'haus maison casa huis dom domu hus haz hogar vivienda abitazione haushalt huishouden household dum building gebaeude batiment edificio gebouw',
  ),
  ...say('output', 'ausgang ausgangs uscita sortie salida uitgang'),
  ...say('input', 'eingang eingangs ingresso entree entrada ingang wejsciowa wejsciowe wejsciowy'),
  ...say('output', 'wyjsciowa wyjsciowe wyjsciowy'),
  ...say('load', 'obciazenia'),
  ...say('load power', 'lastleistung'),
];

const DIRECTIONS = [
  ...say('grid import', 'netzbezug bezug bezogen bezogene strombezug'),
  ...say(
    'grid export',
    'einspeisung netzeinspeisung netzeinspeise eingespeist eingespeiste einspeise rueckspeisung rueckeinspeisung',
  ),
  ...say('grid export', 'feedin teruglevering teruggeleverd terugleveren invoeding'),
  ...say('grid import', 'afname afgenomen soutirage soutiree soutire prelievo prelevata prelevato acquistata acquisto'),
  ...say(
    'grid import',
    'pobor pobrana pobrane importada importado importata importato importee inkoep koept comprada odber pobierana pobrany',
  ),
  ...say(
    'grid export',
    'injection injectee injecte injected injecao immissione immessa immesso ceduta venduta vendida vertida vertido',
  ),
  ...say(
    'grid export',
    'inyectada inyeccion injetada exportada exportado exportata exportato exportee oddanie oddana oddawana',
  ),
  ...say('grid export', 'dodavka lieferung geliefert'),
  ...say('import', 'importiert importierte importierter importiertes importierten'),
  ...say('export', 'exportiert exportierte exportierter exportiertes exportierten'),
  ...say('grid import', 'uttag afhentet vetelezes vetelezett pobrano kob kobt'),
  ...say('grid export', 'inmatning inmatad betaplalas visszataplalas oddano teruglevering teruglever'),
  ...say('import', 'imp buy buying purchase purchased purchasing importing gekauft'),
  ...say('to grid', 'togrid'),
  ...say('to user', 'touser'),
  ...say('from grid', 'fromgrid'),
  ...say('export', 'exp sell selling exporting verkauft feedingrid'),
  ...say(
    'charge',
    'nabiti ladung laden laad cargada cargado caricata caricato chargee charging lade geladen opladen charged chg chrg chrge chging',
  ),
  ...say(
    'discharge',
    'descargada descargado scaricata scaricato dechargee dchg dischg dischrg dischrge disch dischging',
  ),
  ...say('charge power', 'laadvermogen'),
  ...say('discharge power', 'ontlaadvermogen'),
  ...say('charge', 'nabijeni laddning ladning toltes ladowanie ladowania'),
  ...say('discharge', 'vybijeni urladdning afladning kisutes rozladowanie rozladowania'),
  ...say('charge', 'zariad zaryad lading'),
  ...say('discharge', 'ontlading rozladowywanie rozladowywania'),
  ...say('discharge', 'rozriad rozryad razryad'),
  ...say('discharge', 'entladung entladen discharging entlade ontladen ontlaad decharge scarica descarga discharged'),
  ...say(
    'production',
    'erzeugung produktion produksjon produccio produccion produzione proizvodnja tootmine gamyba uretim opwek opwekking opgewekt generacion production',
  ),
  ...say(
    'production',
    'generation generated generating producido producida prodotta prodotto produit produite geracao producao',
  ),
  ...say('production', 'produkcja produkcji vyroba vyroby termeles tuotanto productie erzeugt'),
  ...say('production', 'produceret producerad termelt wyprodukowana vyrobeno'),
  ...say('yield', 'ertrag opbrengst tuotto'),
];

const TIMES = [
  ...say(
    'today',
    'heute napi denni hoy oggi vandaag tages taeglich jour journaliere journalier diaria diario giornaliera',
  ),
  ...say('today', 'giornaliero dagelijks dzisiaj dzis dzienna dnes dnesni idag hoje tanaan todays tday azi'),
  ...say('today', 'aujourdhui tageswert taegliche taeglicher taegliches'),
  ...say('today', 'idagens dzienny dzienne dagens dagelijkse quotidienne quotidien journee aujourd odierna odierno'),
  ...say('today', 'dobowa dobowy dobowe doba dogn dygn daglig dagligt dneska denna dennaya zilnica zilnic astazi'),
  ...say(
    'today',
    'bugun gunluk danes danas dnevna dnevni siandien dienos avui paivan paiva vuorokausi tana dzien diena',
  ),
  ...say('day', 'tag dag dia giorno'),
  ...say(
    'total',
    'gesamt gesamte gesamter gesamtes totaal totale totali insgesamt calkowita calkowite celkem celkova celkovy osszes totalt yhteensa tot totals summation',
  ),
  ...say('now', 'live'),
  // A maker, and not the sun.
  ...say('sonnen', 'sonnenbatterie'),
  ...say(
    'yesterday',
    'gestern gisteren hier ayer ieri wczoraj vcera vortag veille ontem tegnap igar eilen ahir vceraj',
  ),
  ...say('yesterday', 'jucer vakar eile gar'),
  ...say('hour', 'hr hrs stunde stuendlich heure horaire hora ora godzina hodina uur'),
  ...say('week', 'wk wtd woche wochen woechentlich wekelijks wekelijkse semaine hebdomadaire semana semanal settimana'),
  ...say(
    'week',
    'settimanale tydzien tygodnia tygodniowa tygodniowy tygodniowe tyden tydenni tyzden heti vecka veckans',
  ),
  ...say('week', 'uge ugens uke viikko viikon saptamana hafta haftalik teden tjedan nadal savaite setmana'),
  ...say(
    'month',
    'mth monat mois mes mese maand monats mtd monatlich vormonat maandelijks maandelijkse mensuelle mensuel',
  ),
  ...say(
    'month',
    'mensual mensile mensal miesiac miesiaca miesiacu miesieczna miesieczny miesieczne mesic mesicni mesiac',
  ),
  ...say(
    'month',
    'mesacna honap havi manad manads maned maaned kuukausi kuukauden lunara aylik mesec mesecna mjesec menuo',
  ),
  ...say('quarter', 'quartal kwartaal trimestre kwartal'),
  ...say(
    'year',
    'jahr jahres annee ano anno jaar ytd rok jaehrlich vorjahr jaarlijks jaarlijkse annuelle annuel anual',
  ),
  ...say(
    'year',
    'annuale annua annuo roczna roczny roczne roku rocni rocna eves vuosi vuoden anuala yillik godina aasta',
  ),
  ...say('year', 'metai ar aar yr'),
  ...say('lifetime', 'life lebenszeit'),
  ...say('cumulative', 'cumulated cumule cumulee cumules cumulees cumulata'),
];

const OTHERS = [
  ...say('state', 'stav'),
  ...say('config', 'cfg'),
  ...say('tariff', 'tarif tarief tarifa'),
  ...say(
    'soc',
    'rsoc batteriestand akkustand speicherstand accustand ladezustand fuellstand ladestand laadstatus laadtoestand ladetilstand naladowanie naladowania laddningsniva toltottseg toltottsege',
  ),
  ...say('soh', 'gesundheitszustand'),
  ...say('phase', 'fase faza fazowe fazowy fazy'),
  ...say('consumed', 'consumata consumato consumee consumida consumido'),
  ...say('supply', 'suministro'),
  ...say('state', 'stato etat estado toestand zustand stan'),
  ...say('consumption', 'usage use consuming'),
  ...say('self consumption', 'eigenverbrauch autoconsumo autoconsommation zelfverbruik selfconsumption autoconsuming'),
  ...say('self sufficiency', 'autarkie autarkiegrad'),
  ...say('pump', 'pumppu cerpadlo'),
  ...say('heat pump', 'laempoepumppu lampopumppu'),
  ...say('heat pump', 'waermepumpe warmtepomp pompeachaleur varmepumpe vaermepump hoszivattyu'),
  ...say('heating', 'heizung chauffage riscaldamento verwarming'),
  ...say('heater', 'heizstab bojler bojleru termo calentador scaldabagno elpatron'),
  ...say('boiler', 'caldaia chaudiere kotel kociol'),
  ...say('washing', 'waschmaschine wasmachine lavadora lavatrice pralka pracka tvaettmaskin vaskemaskine mosogep'),
  ...say('dryer', 'trockner droger sechelinge secadora asciugatrice suszarka susicka'),
  ...say(
    'dishwasher',
    'geschirrspueler vaatwasser lavastoviglie lavavajillas zmywarka mycka diskmaskin opvaskemaskine',
  ),
  ...say('car', 'elbil elbilen auto voiture coche macchina samochod'),
  ...say('wallbox', 'ladestasjon laddbox ladepunkt'),
  ...say('wallbox', 'laadpaal laadstation ladestation ladesaeule ladebox'),
  ...say('oven', 'forno horno ofen backofen piekarnik trouba'),
  ...say('stove', 'herd kochfeld'),
  ...say('aircon', 'klimaanlage klima climatiseur climatisation condizionatore klimatyzacja klimatizace airco'),
  ...say('pool', 'piscine piscina basen bazen zwembad'),
  ...say(
    'setpoint',
    'soll sollwert consigne consigna obiettivo objetivo doel streefwaarde streef cil zadana nastavena',
  ),
  ...say('threshold', 'grenzwert schwelle schwellwert schaltschwelle soglia umbral seuil drempel prah mez'),
  ...say('cost', 'kosten cout costo coste koszt kostnad naklady'),
  ...say('fridge', 'kuehlschrank frigo frigorifero nevera refrigerateur koelkast lodowka lednice kylskap'),
  ...say('weather', 'wetter meteo'),
  ...say('forecast', 'prognose prognos predpoved prognoza vorhersage prevision previsione voorspelling'),
  ...say('price', 'hinta verguetung'),
  ...say('price', 'preis prix precio prezzo prijs cena pris'),
  ...say('outdoor', 'exterieure venkovni zewnetrzna'),
  ...say('outdoor', 'aussen exterieur esterna exterior buiten'),
  ...say('level', 'lvl niveau'),
  ...say('difference', 'differenz differenza diferencia verschil roznica skillnad forskel kulonbseg ecart'),
  ...say('actual', 'akt'),
  ...say('bms', 'jkbms jbdbms dalybms antbms smartbms'),
  ...say('meter', 'zaehler compteur contatore contador'),
  ...say(
    'max',
    'maximal maximale massima maximo massimo maxima maxim maximaal maximalni maximalis maksimal maksymalna',
  ),
  ...say('max', 'maksymalny maksymalne maks maksimi maksimum spitze spitzen spitzenwert hoechstwert pointe picco piek'),
  ...say('max', 'szczyt szczytowa szczytowy spicka csucs topp spids huippu varf tepe'),
  ...say('min', 'minimal minimale minima minimo minimaal minimalna minimalny minimalni minimi tiefstwert'),
  ...say(
    'average',
    'mittelwert mittel durchschnitt durchschnittlich moyenne moyen media promedio gemiddeld gemiddelde',
  ),
  ...say('average', 'srednia sredni prumer prumerny atlag medel medelvaerde medelvarde genomsnitt gennemsnit snitt'),
  ...say('average', 'gjennomsnitt keskiarvo medie ortalama'),
  ...say(
    'expected',
    'erwartet erwartete geschaetzt geschaetzte geplant geplante moeglich moegliche restprognose prevue',
  ),
  ...say(
    'expected',
    'prevu attendue attendu estimee estime prevista previsto previsao estimada estimado esperada esperado',
  ),
  ...say('expected', 'stimata stimato attesa atteso verwacht verwachte verwachting geschat prognozowana przewidywana'),
  ...say('expected', 'szacowana predpokladany odhad ocekavany elorejelzes varhato becsult foervaentad forvantad'),
  ...say(
    'expected',
    'beraeknad beraknad forventet estimeret estimert estimata ennuste odotettu arvioitu tahmin beklenen',
  ),
  ...say(
    'available',
    'verfuegbar verfuegbare disponible disponibile disponivel disponibila beschikbaar dostepna dostupny',
  ),
  ...say('available', 'elerheto tillgaenglig tillganglig tilgaengelig tilgjengelig kaytettavissa kaeytettaevissae'),
  ...say(
    'loss',
    'verlust verluste perte pertes perdida perdita perdite perda perdas verlies strata straty ztrata veszteseg',
  ),
  ...say('loss', 'foerlust forlust haevioe havio pierdere kayip losses'),
  ...say(
    'cell',
    'zell zelle zellen cellule cellules celda celdas celula celulas cella celle cel ogniwo ogniwa komorka clanek',
  ),
  ...say('cell', 'clanku kenno huecre hucre'),
  ...say('limit', 'ladeschluss erhaltung erhaltungs abschalt entladeschluss arret corte coupure'),
  ...say('float', 'flottante flotacion'),
  ...say(
    'ambient',
    'umgebung umgebungs ambiante ambiente omgeving omgevings otoczenia okoli kornyezet koernyezet omgivning',
  ),
  ...say('ambient', 'omgivnings ymparisto ympaeristoe raum'),
  ...say('reactive', 'blind reactiva reattiva bierna jalovy meddo meddoe reaktiv reaktivni reaktif reaktywna loisteho'),
  ...say('apparent', 'schein zdanlivy latszolagos skenbar tilsyneladende goeruenuer gorunur naeennaeis naennais'),
  ...say('remaining', 'restant restante restantes verbleibend verbleibende resterend resterende pozostala zbyvajici'),
  ...say('savings', 'ersparnis economie economies ahorro risparmio besparing'),
  ...say('reserve', 'reserva riserva rezerwa rezerva reserv tartalek yedek'),
  ...say('backup', 'notstrom ersatzstrom'),
  ...say('limit', 'untergrenze obergrenze plancher suelo batas ondergrens bovengrens mindest mindst minste stopp'),
  ...say('limit', 'wiedereinschalt rueckschalt nachlade desconexion reconexion distacco afschakel odciecia odpojeni'),
  ...say('limit', 'vypinaci lekapcsolasi frankoppling'),
  ...say('float', 'mantenimento druppel konserwacyjne udrzovaci flyt underhall'),
  ...say('absorption', 'absorbcion absorcion absorptie absorpce absorpcja'),
  ...say('protection', 'schutz proteccion protezione securite vedelem skydd ochrana zabezpieczenia'),
  ...say('over voltage', 'ueberspannung sobretension surtension overspanning'),
  ...say('under voltage', 'unterspannung subtension soustension onderspanning'),
  ...say('target', 'wunsch docelowy'),
  ...say('target', 'ziel cible alvo docelowa cilovy tavoite hedef'),
  ...say(
    'rated',
    'nominale nominal nominelle nominell nenn crete pico instalada installata installee contratada contracted',
  ),
  ...say('rated', 'nominaal nominel nominala nimellinen nevleges znamionowa jmenovity installiert installierte'),
  ...say('rated', 'contrattuale souscrite subscribed impegnata peakpower wp kwp'),
  ...say(
    'limit',
    'begrenzung limite grenze limiet grens begrenzing ograniczenie omezeni hatar korlat graens grans graense',
  ),
  ...say('limit', 'grense raja limita'),
];

/** Other languages' words, and short ones, in English. */
export const TRANSLATIONS: ReadonlyMap<string, string> = new Map([
  ...KINDS,
  ...PLACES,
  ...DIRECTIONS,
  ...TIMES,
  ...OTHERS,
]);

/** English words that are written together with others: `gridvoltage`, `pvpower`, `todayyield`. */
const TOGETHER =
  'power voltage current frequency energy temperature soc soh solar pv grid battery load output input inverter house home total today daily day yield import export charge discharge consumption ac dc bus mppt string panel phase self generator last module pack capacity remaining state in max min rated active reactive apparent gas water heat smart electricity meter monitor heatsink percent pct consumed produced charging discharging charged discharged generation generated purchased bought sold backup eps essential level health ambient internal external feedin cell cells avg average conv converter accumulated sum solarmax freq temp volt volts watt watts amps bat batt';

const VOCABULARY: ReadonlySet<string> = new Set([...TRANSLATIONS.keys(), ...TOGETHER.split(' ')]);
/** Shorter ones stand in any word. */
const SHORT = new Set(['pv', 'ac', 'dc']);
const [LEAST, LONGEST_PART, LONGEST] = [5, 18, 40];

/** True for a word that means something of an energy system. */
export const isKnownWord = (word: string): boolean => VOCABULARY.has(word);

/** A word that is several known ones written together, in them; itself where it is not. */
export function partsOf(word: string): string[] {
  if (word.length < LEAST || word.length > LONGEST || VOCABULARY.has(word)) return [word];
  return splitAt(word, 0, new Map()) ?? [word];
}

/** The fewest parts from `from` on; null when they do not cover the word. A German joining `s` or `n` is no part. */
function splitAt(word: string, from: number, known: Map<number, string[] | null>): string[] | null {
  if (from === word.length) return [];
  const before = known.get(from);
  if (before !== undefined) return before;
  let best: string[] | null = null;
  for (let to = Math.min(word.length, from + LONGEST_PART); to >= from + 2; to--) {
    const part = word.slice(from, to);
    if (!VOCABULARY.has(part) || (part.length < 3 && !SHORT.has(part))) continue;
    const joined = to < word.length - 3 && /[sn]/.test(word[to] ?? '') ? splitAt(word, to + 1, known) : null;
    const rest = splitAt(word, to, known) ?? joined;
    if (rest && (best === null || rest.length + 1 < best.length)) best = [part, ...rest];
  }
  known.set(from, best);
  return best;
}
