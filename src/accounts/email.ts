/** An e-mail address as it was typed, and in the form by which two are the same. */
export interface Email {
  typed: string;
  normalised: string;
}

const MOST = 254; // RFC 5321, 4.5.3.1.3: a path of 256 with its brackets
const LOCAL = /^[^\s@"(),:;<>[\]\\\p{Cc}]{1,64}$/u;
const DOMAIN = /^[\p{L}\p{N}\p{M}.-]{1,253}$/u;
const ASCII_DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Reads an e-mail address: trimmed, NFC, lower case, the domain in its ASCII form (IDNA), without a final dot.
 * Dots and plus signs before the @ stay: whether they matter is the provider's affair. Undefined when it is none.
 */
export function parseEmail(text: string): Email | undefined {
  const typed = text.normalize('NFC').trim();
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, at).toLowerCase();
  const domain = asciiDomain(typed.slice(at + 1));
  if (at < 1 || typed.length > MOST || !LOCAL.test(local) || local.startsWith('.') || local.endsWith('.'))
    return undefined;
  if (local.includes('..') || domain === undefined) return undefined;
  // Lower-casing can take letters apart ("İ"), so compose once more.
  return { typed, normalised: `${local.normalize('NFC')}@${domain}` };
}

function asciiDomain(text: string): string | undefined {
  const domain = text.endsWith('.') ? text.slice(0, -1) : text;
  if (!DOMAIN.test(domain) || !URL.canParse(`http://${domain}`)) return undefined;
  const host = new URL(`http://${domain}`).hostname;
  // The URL parser reads "1.2" and "0x7f.1" as IPv4 addresses.
  return ASCII_DOMAIN.test(host) && !/^\d+(\.\d+){3}$/.test(host) ? host : undefined;
}
