/**
 * Words and patterns at the top of every published list of leaked passwords, ten characters or longer after digits and
 * signs at the ends are taken off, or as stems of such. Small on purpose: the limits on tries do the rest.
 */
const stems =
  `password passwort passw0rd p@ssword p@ssw0rd motdepasse contrasena wachtwoord senha parola haslo qwerty qwertz
azerty qwertyuiop qwertzuiop asdfghjkl zxcvbnm yxcvbnm 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsx qazwsxedc q1w2e3r4 q1w2e3r4t5
letmein welcome willkommen bienvenue iloveyou ichliebedich sunshine princess prinzessin football fussball baseball
basketball superman batman spiderman pokemon dragon monkey shadow master michael jennifer jordan hunter killer trustno
trustnoone freedom whatever starwars computer internet samsung apple google facebook microsoft minecraft liverpool chelsea
arsenal barcelona bayern schalke changeme changeit default secret geheim guest admin administrator root toor user test
testing tester login access hello hallo hallowelt helloworld abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij
aaaaaaaaaa mustang corvette ferrari porsche mercedes charlie thomas daniel andrea nicole jessica ashley summer sommer winter
spring herbst autumn january february march april june july august september october november december monday friday
solar inverter wechselrichter photovoltaik battery sonne ampra energy energie raspberry raspberrypi`
    .split(/\s+/)
    .filter(Boolean);

const known = new Set(stems);
const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];
const leet: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** True if the password is one that everybody tries: a common word with digits around it, a run of keys, a repetition. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase();
  const plain = [...text].map((c) => leet[c] ?? c).join('');
  const core = text.replace(/^[^a-z]+|[^a-z]+$/g, '');
  const plainCore = core === '' ? '' : [...core].map((c) => leet[c] ?? c).join('');
  const forms = [text, plain, core, plainCore, text.replace(/[^a-z]/g, '')];
  if (forms.some((form) => known.has(form) || isDoubled(form))) return true;
  if (core === '' && isRunOrFew(text)) return true;
  return (
    isRunOrFew(text) || rows.some((row) => text.length >= 6 && (row.includes(text) || reversed(row).includes(text)))
  );
}

/** "passwordpassword". */
function isDoubled(text: string): boolean {
  const half = text.slice(0, text.length / 2);
  return half.length > 2 && half + half === text && known.has(half);
}

/** Fewer than four different characters, or one short piece again and again ("abcabcabcabc", "1212121212"). */
function isRunOrFew(text: string): boolean {
  if (new Set(text).size < 4) return true;
  for (let size = 1; size <= 4; size += 1) {
    if (text.length % size === 0 && text.slice(0, size).repeat(text.length / size) === text) return true;
  }
  return isSequence(text);
}

/** "1234567890", "9876543210": each character follows the last. */
function isSequence(text: string): boolean {
  const steps = new Set([...text].slice(1).map((c, i) => (c.charCodeAt(0) - text.charCodeAt(i) + 10) % 10));
  return steps.size === 1 && (steps.has(1) || steps.has(9)) && /^\d+$/.test(text);
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}
