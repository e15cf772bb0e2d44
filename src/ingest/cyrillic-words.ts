/** English words for Ukrainian, Russian and Bulgarian ones, by how they begin: those languages change the ends of their words. */
const STEMS: readonly [string, string][] = [
  ...said('voltage', 'напруг напряж напрежен'),
  ...said('current', 'струм ток'),
  ...said('power', 'потужн мощност'),
  ...said('frequency', 'частот честот'),
  ...said('temperature', 'температур'),
  ...said('energy', 'енерг энерг'),
  ...said('grid', 'мереж сет мреж'),
  ...said('battery', 'батаре акумулят аккумул акб'),
  ...said('solar', 'соняч сонц солнеч солнц слънч панел'),
  ...said('pv', 'фотоел фотоэл'),
  ...said('load', 'навантаж нагруз'),
  ...said('consumption', 'споживан спожит потреблен потребен консумац'),
  ...said('house', 'будин дом дім'),
  ...said('inverter', 'інвертор инвертор'),
  ...said('output', 'вихід вихідн выход изход'),
  ...said('input', 'вхід вхідн вход'),
  ...said('production', 'генерац виробл выработ производ'),
  ...said('grid import', 'імпорт импорт внос'),
  ...said('grid export', 'експорт экспорт'),
  ...said('discharge', 'розряд разряд'),
  ...said('charge', 'заряд зарежд'),
  ...said('level', 'рівен рівн уровен ниво'),
  ...said('today', 'сьогодні сегодня днес добов добу суточн сутки день дневн денн'),
  ...said('total', 'всього загальн всего общ'),
  ...said('max', 'макс пик пік'),
  ...said('cell', 'ячей ячейк комірк клетк элемент'),
  ...said('ambient', 'окруж навколиш'),
  ...said('reactive', 'реактив'),
  ...said('apparent', 'полн повн'),
  ...said('reserve', 'резерв'),
  ...said('target', 'целев цільов'),
  ...said('limit', 'предел выключ вимкн отключ відключ'),
  ...said('float', 'поддерж підтрим'),
  ...said('average', 'средн середн'),
  ...said('expected', 'ожидаем очікуван очаквам'),
  ...said('rated', 'номинал номінал'),
  ...said('available', 'доступн'),
  ...said('loss', 'потер втрат загуб'),
  ...said('min', 'мін мин'),
  ...said('limit', 'ліміт лимит обмеж огранич'),
  ...said('forecast', 'прогноз'),
  ...said('phase', 'фаз'),
  ...said('yesterday', 'вчора вчера'),
  ...said('month', 'місяц місячн месяц месячн'),
  ...said('week', 'тижд тижн недел неделн седмиц'),
  ...said('year', 'рік річн рок год'),
];
export const CYRILLIC = /[\u0400-\u04ff]/;
const CYRILLIC_WORDS = /[\u0400-\u04ff]+/g;
const UNKNOWN = 'unknown';

function said(english: string, stems: string): [string, string][] {
  return stems.split(' ').map((stem) => [stem, english]);
}

/** A text with its Cyrillic words in English; what is none of them stays a word that says nothing. */
export function withoutCyrillic(text: string): string {
  return text.replace(CYRILLIC_WORDS, (word) => {
    const lower = word.toLowerCase();
    return ` ${STEMS.find(([stem]) => lower.startsWith(stem))?.[1] ?? UNKNOWN} `;
  });
}
