/**
 * What devices call the same things, by concept and language: `concept: code word word | code word`. A word belongs to one
 * concept, and stands under one language that has it. Accents are left out; of Cyrillic words stands how they begin, for their
 * ends change.
 */
export const LEXICON = `
power: en watt watts wat pow pwr wattage powers | de leistung wirkleistung | fr puissance | it potenza
  es potencia potencial | nl vermogen | pl moc mocy | cs vykon vykonu | hu teljesitmeny teljesitmenye
  sv effekt effekten | fi teho | ro putere | tr guc gucu | uk потужн potuzhnist potuzhnosti potuznist
  ru мощност moshchnost moschnost
momentary power: de momentanleistung
apparent power: de scheinleistung
reactive power: de blindleistung
active: en active | fr aktive | es activa | it attiva | de aktiv | cs aktivni | nl actief | pl czynna
voltage: en volt volts vol voltages urms vrms | de spannung | fr tension | es voltaje | it tensione | nl spanning
  pl napiecie | cs napeti | hu feszultseg feszultsege fesz | sv spaenning spaending naetspaending
  fi jannite | tr voltaj voltaji gerilim gerilimi | pt tensao | ro tensiune | uk напруг napruga naprugy | ru напряж napryazhenie napryazheniye | bg напрежен
current: en ampere amperes amperage amps amp curr cur curent currents irms | de strom | fr courant intensite
  es corriente intensidad | it corrente | nl stroom | pl prad | cs proud | hu aram | tr akim akimi | sv stroem strommen | fi virta
  uk струм | ru ток
frequency: en freq frequenzy | de frequenz | fr frequence | es frecuencia | it frequenza | nl frequentie | tr frekans frekansi
  pl czestotliwosc | cs frekvence | hu frekvencia | sv frekvens | fi taajuus | pt frequencia | ro frecventa
  uk частот chastota chastoty | bg честот
temperature: en temp temps temper tmp temperature temperatures | tr sicaklik sicakligi | de temperatur | it temperatura | nl temperatuur
  cs teplota | hu homerseklet | uk температур
energy: en enrg nrg ene | de energie energiemenge | it energia | es energias | sv energi | uk енерг | ru энерг
active energy: de wirkenergie wirkarbeit
reactive energy: de blindenergie blindarbeit
energy wh: de wattstunden
energy kwh: de kilowattstunden
total energy: de zaehlerstand | nl meterstand tellerstand | sv maetarstaellning matarstallning | da maalerstand malerstand
percent: en pct perc percentage | de prozent proz | it percentuale | es porcentaje | fr pourcentage | nl procent | tr yuzde yuzdesi
capacity: de kapazitaet | fr capacite | it capacita | es capacidad | nl capaciteit | pl pojemnosc | cs kapacita

pv: en photovoltaics solarpv pvs | de photovoltaik solaranlage | fr photovoltaique panneaux panneau
  it fv fotovoltaico fotovoltaica fotovoltaici pannelli | es paneles placas | nl zonnepanelen zonnepaneel
  pl fotowoltaika fotowoltaiki panele paneli | cs fotovoltaika fotovoltaicka fve | hu napelem
  sv solceller | da solcelle | fi aurinkopaneelit aurinkopaneelien aurinkopaneeli | ro panouri panourilor | uk фотоел | ru фотоэл
solar: en sun renewable renewables photovolt | de sonne | fr solaire solaires | it solare | es solares | nl zon zonne
  fi aurinko | tr gunes | uk соняч сонц soniachnykh soniachna | ru solnechnyh solnechnykh solnechnaya | ru солнеч панел | bg солнц слънч
grid: en mains utility | de netz stromnetz | fr reseau | it rete | pl siec sieci | cs sit | hu halozat halozati | pt rede
  fi verkko verkon | tr sebeke | sv naet elnaet | ro retea | uk мереж merezha merezhi merezhy | ru сет seti | bg мреж
battery: en bat batt bats | de batterie batterien akku accu speicher batteriespeicher hausspeicher akkupack
  es bateria baterias | it batteria accumulo | nl batterij batterijen thuisbatterij huisbatterij thuisaccu
  sv batteri batteriets batteriet | cs baterie baterii akumulator akumulatora | pl akumulatory
  hu akkumulator akkumulatoros | fi akun | tr batarya | uk батаре акумулят akumuliator batareia | ru аккумул акб akb akkumulyator akkumulyatora batarei batareya batareyi
inverter: en inv | de wechselrichter | fr onduleur | es inversor | nl omvormer | pl falownik falownika
  cs stridac | sk invertor invertora | sv vaexelriktare vaxelriktare | uk інвертор | ru инвертор
house consumption: de hausverbrauch hausverbrauchs | da husforbrug | sv husfoerbrukning | nl huisverbruik
load: en loads | pl obciazenie obciazenia odbiorow | cs zatez
  uk навантаж navantazhennia navantazhennya | ru нагруз nagruzka nagruzki
total consumption: de gesamtverbrauch
consumption: en usage use consuming | de verbrauch stromverbrauch | fr consommation conso
  it consumo consumi | nl verbruik | sv foerbrukning elfoerbrukning | da forbrug elforbrug | no forbruk | pl zuzycie
  cs spotreba | hu fogyasztas | fi kulutus | ro consum | tr tuketim tuketimi | uk споживан спожит spozhyvannia spozhyvannya
  ru потреблен | bg потребен консумац
house: en household family building | de haus haushalt gebaeude | fr maison batiment | it casa abitazione edificio | es hogar vivienda
  nl huis huishouden gebouw | pl dom domu | cs dum | hu haz | sv hus husets | fi talon | uk будин дім budynku | ru дом
load power: de lastleistung
solar power: sv soleffekt
grid power: sv nateffekt
grid voltage: sv natspanning
grid frequency: sv natfrekvens
output: de ausgang ausgangs | it uscita | fr sortie | es salida | nl uitgang | pl wyjsciowa wyjsciowe wyjsciowy | uk вихід вихідн | ru выход | bg изход
input: de eingang eingangs | it ingresso | fr entree | es entrada | nl ingang | pl wejsciowa wejsciowe wejsciowy | uk вхід вхідн | ru вход
phase: es fase | pl faza fazowe fazowy fazy | uk фаз
string: it stringa | de strang | fr chaine | es cadena
meter: de zaehler | fr compteur | it contatore | es contador
bms: en jkbms jbdbms dalybms antbms smartbms
sonnen: de sonnenbatterie

grid import: de netzbezug bezug bezogen bezogene strombezug | nl afname afgenomen | fr soutirage soutiree soutire importee
  it prelievo prelevata prelevato acquistata acquisto importata importato | es importada importado comprada
  pl pobor pobrana pobrane pobierana pobrany pobrano | cs odber | hu vetelezes vetelezett
  sv inkoep inkoept inkopt koept uttag | da kob kobt afhentet | uk імпорт | ru импорт | bg внос
grid export: en feedin injected
  de einspeisung netzeinspeisung netzeinspeise eingespeist eingespeiste einspeise rueckspeisung rueckeinspeisung
  de lieferung geliefert | nl teruglevering teruggeleverd terugleveren teruglever invoeding
  fr injection injectee injecte exportee | it immissione immessa immesso ceduta venduta exportata exportato esportata esportato
  es vendida vertida vertido inyectada inyeccion exportada exportado | pt injetada injecao
  pl oddanie oddana oddawana oddano | cs dodavka | hu betaplalas visszataplalas | sv inmatning inmatad
  uk експорт | ru экспорт
import: en imp buy buying purchase purchased purchasing importing | de gekauft importiert importierte importierter importiertes importierten
export: en exp sell selling exporting feedingrid | de verkauft exportiert exportierte exportierter exportiertes exportierten
to grid: en togrid
to user: en touser
from grid: en fromgrid
charge: en charging charged chg chrg chrge chging | de ladung laden lade geladen | nl opladen laad lading | cs nabiti nabijeni
  es cargada cargado | it caricata caricato | fr chargee
  sv laddning | da ladning | hu toltes | pl ladowanie ladowania | uk заряд zariad | ru zaryad | bg зарежд
discharge: en discharging discharged dchg dischg dischrg dischrge disch dischging | de entladung entladen entlade
  nl ontladen ontlaad ontlading | fr decharge dechargee | it scarica scaricata scaricato | es descarga descargada descargado | cs vybijeni | sv urladdning | da afladning
  hu kisutes | pl rozladowywanie rozladowywania rozladowanie rozladowania | uk розряд rozriad | ru разряд rozryad razryad
charge power: nl laadvermogen
discharge power: nl ontlaadvermogen
production: en production generation generated generating | de erzeugung erzeugt | sv produktion | no produksjon
  ca produccio | es produccion producido producida generacion generada generado | it produzione prodotta prodotto
  hr proizvodnja | et tootmine | lt gamyba | tr uretim uretimi | ro produsa | nl opwek opwekking opgewekt productie | fr produit produite
  pt geracao producao | pl produkcja produkcji wyprodukowana | cs vyroba vyroby vyrobeno | hu termeles termelt
  fi tuotanto | da produceret producerad | uk генерац виробл generatsiia | ru vyrabotka выработ производ произвед
yield: de ertrag | nl opbrengst | fi tuotto

today: en todays tday | de heute tages taeglich taegliche taeglicher taegliches tageswert | da dagens dogn dagligt | no idag | sv idagens dygn daglig dneska
  fr jour journaliere journalier quotidienne quotidien journee aujourd aujourdhui | es hoy diaria diario
  it oggi giornaliera giornaliero odierna odierno | nl vandaag dagelijks dagelijkse
  pl dzisiaj dzis dzienna dzienny dzienne dzien dobowa dobowy dobowe doba | cs denni dnes dnesni denna dennaya
  hu napi | pt hoje | fi tanaan paivan paiva vuorokausi tana | ro azi zilnica zilnic | lv astazi diena
  tr bugun gunluk | hr danas dnevna dnevni | sl danes | lt siandien dienos | ca avui
  uk сьогодні добу sohodni sogodni | ru segodnya сегодня суточн сутки дневн день денн | bg днес добов
day: de tag | da dag | pt dia | it giorno
total: en tot totals summation | de gesamt gesamte gesamter gesamtes insgesamt | it totale totali | nl totaal
  pl calkowita calkowite | cs celkem celkova celkovy | hu osszes | sv totalt | fi yhteensa | uk всього загальн
  ru vsego всего общ | ro totala
now: en live
sum: en summ | de summe gesamtsumme | it somma | fr somme | es suma
lifetime: en life | de lebenszeit
accumulated: en accumulative
cumulative: en cumulated | fr cumul cumule cumulee cumules cumulees | it cumulata
yesterday: de gestern vortag | nl gisteren | fr hier veille | es ayer | it ieri | pl wczoraj | cs vcera vceraj | da igar
  pt ontem | hu tegnap | sv gar | fi eilen eile | ca ahir | ro jucer | lt vakar | no igaar | tr dun
  uk вчора | ru вчера
hour: en hr hrs | de stunde stuendlich | fr heure horaire | es hora | it ora | pl godzina godz | cs hodina | nl uur
  pt horaria | hu orankent oras | sv timme timmen | da timer timeforbrug | no timen | fi tunti tunnin | ro orar | tr saat
  uk годин | ru час
week: en wk wtd | de woche wochen woechentlich | nl wekelijks wekelijkse | fr semaine hebdomadaire | es semana semanal
  it settimana settimanale | pl tydzien tygodnia tygodniowa tygodniowy tygodniowe | cs tyden tydenni tyzden
  hu heti | sv vecka veckans | da uge ugens | no uke | fi viikko viikon | ro saptamana | tr hafta haftalik
  sl teden tjedan | et nadal | lt savaite | ca setmana | uk тижд тижн | ru недел неделн | bg седмиц
month: en mth mtd monthly | de monat monats monatlich vormonat | fr mois mensuelle mensuel | es mes mensual | it mese mensile
  pt mensal | nl maand maandelijks maandelijkse
  pl miesiac miesiaca miesiacu miesieczna miesieczny miesieczne | cs mesic mesicni mesec mesecna | sk mesiac mesacna
  hu honap havi | sv manad manads | da maned | no maaned | fi kuukausi kuukauden | ro lunara | tr aylik
  hr mjesec | lt menuo | uk місяц місячн | ru месяц месячн
quarter: de quartal | nl kwartaal | fr trimestre | pl kwartal
year: en yr ytd | de jahr jahres jaehrlich vorjahr | fr annee annuelle annuel | es ano anual | it anno annuale annua annuo
  nl jaar jaarlijks jaarlijkse | pl rok roczna roczny roczne roku | cs rocni rocna | hu eves | fi vuosi vuoden
  tr yillik | hr godina | et aasta | ro anuala | lt metai | sv ar aar arlig | da arlige | uk рік річн рок | ru год

state: de zustand | it stato | fr etat | es estado | nl toestand | cs stav | pl stan
additional: de zusaetzlich zusaetzliche zusaetzlicher zusaetzliches | fr supplementaire | nl extra
case: de gehaeuse | nl behuizing | fr boitier
fed: nl gevoerd
electricity meter: nl elektriciteitsmeter stroommeter | sv elmaetare elmatare | da elmaler elmaaler | no strommaler
config: en cfg
tariff: de tarif | nl tarief | es tarifa
level: en lvl | de niveau | uk рівен рівн | ru уровен | bg ниво
soh: de gesundheitszustand | nl gezondheidsstatus
consumed: it consumata consumato | fr consumee | es consumida consumido
supply: es suministro
soc: en rsoc | de batteriestand akkustand speicherstand accustand ladezustand fuellstand | nl ladestand laadstatus laadtoestand
  da ladetilstand | pl naladowanie naladowania | sv laddningsniva | hu toltottseg toltottsege
actual: de akt aktuell aktuelle momentan momentane momentaner
self consumption: en selfconsumption autoconsuming | de eigenverbrauch | it autoconsumo | fr autoconsommation
  nl zelfverbruik | pl autokonsumpcja
self sufficiency: de autarkie autarkiegrad
heat pump: de waermepumpe | nl warmtepomp | fr pompeachaleur | da varmepumpe | sv vaermepump laempoepumppu
  fi lampopumppu | hu hoszivattyu
pump: fi pumppu | cs cerpadlo
heating: de heizung | fr chauffage | it riscaldamento | nl verwarming
heater: de heizstab | cs bojler bojleru | es termo calentador | it scaldabagno | sv elpatron
boiler: it caldaia | fr chaudiere | cs kotel | pl kociol
washing: de waschmaschine | nl wasmachine | es lavadora | it lavatrice | pl pralka | cs pracka | sv tvaettmaskin
  da vaskemaskine | hu mosogep
dryer: de trockner | nl droger | fr sechelinge | es secadora | it asciugatrice | pl suszarka | cs susicka
dishwasher: de geschirrspueler | nl vaatwasser | it lavastoviglie | es lavavajillas | pl zmywarka | cs mycka
  sv diskmaskin | da opvaskemaskine
car: de auto elbil elbilen | fr voiture | es coche | it macchina | pl samochod
wallbox: de ladestation ladesaeule ladebox ladepunkt | nl laadpaal laadstation | no ladestasjon | sv laddbox
oven: de ofen backofen | it forno | es horno | pl piekarnik | cs trouba
stove: de herd kochfeld
aircon: de klimaanlage klima | fr climatiseur climatisation | it condizionatore | pl klimatyzacja | cs klimatizace | nl airco
pool: fr piscine | it piscina | pl basen | cs bazen | nl zwembad
fridge: de kuehlschrank | it frigo frigorifero | es nevera | fr refrigerateur | nl koelkast | pl lodowka | cs lednice
  sv kylskap
weather: de wetter | fr meteo
outdoor: de aussen | fr exterieur exterieure | it esterna | es exterior | nl buiten | cs venkovni | pl zewnetrzna
backup: de notstrom ersatzstrom

room: en kitchen bedroom living bathroom bath toilet office cellar basement attic loft hall hallway corridor laundry workshop nursery
  en kids guest garage shed pantry study upstairs downstairs floor
  de kueche kuche schlafzimmer wohnzimmer badezimmer bad buero keller dachboden flur waschkueche werkstatt kinderzimmer gaestezimmer
  de wohnen essen schlafen diele speis arbeitszimmer zimmer stock obergeschoss erdgeschoss untergeschoss
  fr cuisine chambre salon bain bureau cave grenier couloir buanderie atelier etage
  it cucina camera soggiorno bagno ufficio cantina soffitta corridoio lavanderia | es cocina dormitorio bano oficina sotano
  nl keuken slaapkamer woonkamer badkamer kantoor kelder zolder gang berging verdieping | pl kuchnia sypialnia lazienka biuro
  pl piwnica strych korytarz pietro | cs kuchyne loznice obyvak koupelna kancelar sklep chodba pokoj patro
  sv koek sovrum vardagsrum badrum kontor kaellare vind tvaettstuga | da koekken sovevaerelse stue badevaerelse bryggers kaelder
  hu konyha haloszoba nappali furdoszoba iroda pince | pt cozinha quarto sala banheiro escritorio porao | fi keittio makuuhuone olohuone
  ro bucatarie dormitor baie birou pivnita | tr mutfak yatak banyo ofis | uk кухн спальн ванн | ru комнат

max: en maximal top | de maximale spitze spitzen spitzenwert hoechstwert hoechste | it massima massimo picco | es maximo
  es maxima pico | fr maxim pointe | nl maximaal piek hoogste | cs maximalni spicka nejvyssi | hu maximalis csucs legmagasabb
  no maksimal topp hoyeste | da hojeste | pl maksymalna maksymalny maksymalne maks szczyt szczytowa szczytowy najwyzsza | fi maksimi huippu korkein
  et maksimum | sv spids hogsta | ro varf | tr tepe azami | uk макс пік | ru пик | pt maior
  hr vrh maksimalna najvisa | hu legnagyobb
min: en minimal | de minimale tiefstwert niedrigste | it minima | es minimo | nl minimaal laagste | pl minimalna minimalny najnizsza
  cs minimalni nejnizsi | fi minimi alin | fr minimales | hu minimalis legkisebb | sv lagsta | da laveste | no lavest
  ro minim | tr asgari | pt menor | hr najniza | uk мін | ru мин
average: de mittelwert mittel durchschnitt durchschnittlich | fr moyenne moyen | it media | es promedio
  nl gemiddeld gemiddelde | pl srednia sredni | cs prumer prumerny | hu atlag | sv medel medelvaerde medelvarde genomsnitt
  da gennemsnit snitt | no gjennomsnitt | fi keskiarvo | ro medie | tr ortalama | uk середн | ru средн | pt medio | hr prosjek
expected: de erwartet erwartete geschaetzt geschaetzte geplant geplante moeglich moegliche restprognose
  fr prevue prevu attendue attendu estimee estime | it prevista previsto stimata stimato attesa atteso
  pt previsao | es estimada estimado esperada esperado | nl verwacht verwachte verwachting geschat
  pl prognozowana przewidywana szacowana | cs predpokladany odhad ocekavany | hu elorejelzes varhato becsult
  sv foervaentad forvantad beraeknad beraknad | da forventet estimeret | no estimert | ro estimata
  fi ennuste odotettu arvioitu | tr tahmin beklenen | hr ocekivana | ru ожидаем | uk очікуван | bg очаквам
forecast: de prognose vorhersage | sv prognos | cs predpoved | pl prognoza | fr prevision | it previsione
  nl voorspelling | es pronostico prediccion | uk прогноз
available: de verfuegbar verfuegbare | fr disponible | it disponibile | pt disponivel | ro disponibila | nl beschikbaar
  pl dostepna | cs dostupny | hu elerheto | sv tillgaenglig tillganglig | da tilgaengelig | no tilgjengelig
  fi kaytettavissa kaeytettaevissae | es disponibles | tr kullanilabilir | uk доступн
loss: en losses | de verlust verluste | fr perte pertes | es perdida | it perdita perdite | pt perda perdas | nl verlies
  pl strata straty | cs ztrata | hu veszteseg | sv foerlust forlust | da tab | no tap | fi haevioe havio | ro pierdere
  tr kayip | hr gubitak | ru потер | uk втрат | bg загуб
cell: de zell zelle zellen | fr cellule cellules | es celda celdas | pt celula celulas | it cella | da celle | nl cel
  pl ogniwo ogniwa | cs clanek clanku | sk komorka | fi kenno | tr huecre hucre | sv cellen | ro celulei
  ru ячей элемент | uk ячейк комірк | bg клетк
limit: de ladeschluss erhaltung erhaltungs abschalt entladeschluss untergrenze obergrenze mindest mindst begrenzung grenze
  de wiedereinschalt rueckschalt nachlade | fr arret coupure plancher limite | es corte desconexion reconexion | it suelo distacco
  it batas | nl ondergrens bovengrens afschakel limiet grens begrenzing | da minste graense grans | sv stopp graens frankoppling
  pl odciecia ograniczenie granica | cs odpojeni vypinaci omezeni | hu lekapcsolasi hatar korlat | no grense | fi raja | ro limita
  tr sinir limiti | pt teto | ru предел выключ отключ огранич лимит | uk вимкн відключ ліміт обмеж
threshold: de grenzwert schwelle schwellwert schaltschwelle | it soglia | es umbral | fr seuil | nl drempel | cs prah mez
  pl prog | hu kuszob | pt limiar | sv troskel | da taerskel | no terskel | fi kynnys | ro prag | tr esik
  uk поріг | ru порог
target: de wunsch ziel | fr cible | pt alvo | pl docelowa docelowy | cs cilovy | fi tavoite | tr hedef
  no mal maal | sv malvarde | hu celertek | ro tinta | da maalvaerdi | hr cilj | ru целев | uk цільов
setpoint: de soll sollwert | fr consigne consigna | it obiettivo | es objetivo | nl doel streefwaarde streef | cs cil nastavena
  pl zadana | sv borvarde boervaerde | da settpunkt | fi asetusarvo | tr ayar | hu beallitott
setting: de einstellung vorgabe | fr reglage | es ajuste | it impostazione | nl instelling | pl nastawa ustawienie | cs nastaveni
  hu beallitas | sv installning instaellning | da indstilling | no innstilling | fi asetus | ro setare | hr postavka
  uk налаштув | ru уставк настройк
reserve: es reserva | it riserva | pl rezerwa | cs rezerva | sv reserv | hu tartalek | tr yedek | uk резерв
difference: de differenz | it differenza | es diferencia | nl verschil | pl roznica | sv skillnad | da forskel | hu kulonbseg | fr ecart
rated: en installed contracted subscribed peakpower wp kwp | de nenn installiert installierte | it nominale | fr nominal
  fr nominelle crete installee souscrite | no nominell | es instalada contratada | it installata contrattuale impegnata
  nl nominaal | sv nominel | pl nominala znamionowa | fi nimellinen | hu nevleges | cs jmenovity | ru номинал | uk номінал
ambient: de umgebung umgebungs raum | fr ambiante | it ambiente | nl omgeving omgevings | pl otoczenia | cs okoli
  hu kornyezet koernyezet | sv omgivning omgivnings | fi ymparisto ympaeristoe | da omgivelse | tr ortam | ru окруж | uk навколиш
reactive: de blind | es reactiva | it reattiva | pl bierna reaktywna | cs jalovy reaktivni | hu meddo meddoe
  sv reaktiv | tr reaktif | fi loisteho | fr reactif | pt reativa | nl blindvermogen | uk реактив
apparent: de schein | es aparente | it apparente apparenta | nl schijnbaar | pl pozorna | cs zdanliva zdanlivy
  hu latszolagos | sv skenbar | da tilsyneladende | tr goeruenuer gorunur | fi naeennaeis naennais | ru полн | uk повн
remaining: fr restant restante | es restantes | de verbleibend verbleibende | nl resterend resterende | pl pozostala
  cs zbyvajici | sv aterstaende | fi jaljella
cost: de kosten | fr cout | it costo | es coste | pl koszt | sv kostnad | cs naklady | hu koltseg | da omkostning | tr maliyet
price: fi hinta | de preis verguetung | fr prix | es precio | it prezzo | nl prijs | pl cena | sv pris | pt preco
  ro pret | tr fiyat | hr cijena | ru цен | uk цін
savings: de ersparnis | fr economie economies | es ahorro | it risparmio | nl besparing
float: fr flottante | es flotacion | it mantenimento | nl druppel | pl konserwacyjne | cs udrzovaci | sv flyt underhall
  ru поддерж | uk підтрим
absorption: it absorbcion | es absorcion | nl absorptie | cs absorpce | pl absorpcja
protection: de schutz | es proteccion | it protezione | fr securite | hu vedelem | sv skydd | cs ochrana | pl zabezpieczenia
over voltage: de ueberspannung | es sobretension | fr surtension | nl overspanning
under voltage: de unterspannung | es subtension | fr soustension | nl onderspanning
previous: es ultima | hr zadnja | tr onceki | uk поперед | ru предыдущ | de letzte letzter letztes vorige | fr dernier derniere precedent | es ultimo anterior | it scorso precedente
  nl laatste | pl ostatni ostatnia poprzedni | cs posledni minuly | hu elozo utolso | sv senaste forra | da sidste forrige | no siste
  fi viime edellinen | pt passado
`;

/** One concept's words in one language. */
export interface Entry {
  concept: string;
  language: string;
  words: readonly string[];
}

/** The lexicon's rows, in order. */
export const ENTRIES: readonly Entry[] = LEXICON.trim()
  .split(/\n+(?=\S)/)
  .flatMap((row) => {
    const [concept = '', languages = ''] = row.split(/:\s/);
    // A language may also begin a line.
    return languages.split(/\s*\|\s*|\n\s+/).map((part): Entry => {
      const [language = '', ...words] = part.trim().split(/\s+/);
      return { concept, language, words };
    });
  });
