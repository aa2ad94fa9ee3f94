/** What looks like a secret or like personal data, wherever it stands. Every mark is stable. */
import { scrubPhones } from './scrub-phone.ts';

export const SECRET = '[secret]';
export const NAME = '[name]';
const EMAIL = '[email]';
const PHONE = '[phone]';

/** Each run is bounded or begins at a boundary, so that a long text is read once. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bhttps:\/\/hooks\.slack(?:-gov)?\.com\/[^\s"'<>)]+/gi, `https://hooks.slack.com/${SECRET}`],
  // user:password@ of an URL; the password may hold an @ itself.
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,1000}@/gi, `$1${SECRET}@`],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, SECRET],
  [/\bsb_secret_[\w-]{6,}|\bsbp_[\w-]{20,}|\bxox[a-z]-[\w-]{8,}/g, SECRET],
  // A digit tells a key from a word or a language tag (sk-SK).
  [/\bsk-(?=[a-z_-]{0,200}\d)[\w-]{8,}/gi, SECRET],
  [/\b(bearer\s+)(?=[^\s"',]{0,400}\d)[\w.~+/=-]{8,}/gi, `$1${SECRET}`],
  [
    /\b(authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?)(?!(?:basic|bearer)\s)[^\s"',;}[]+/gi,
    `$1${SECRET}`,
  ],
  [
    /\b((?:api[_-]?key|access_token|refresh_token|token|secret|password|passwd|pwd)=)[^\s"'&;,]+/gi,
    `$1${SECRET}`,
  ],
  [
    /("(?:api[_-]?key|access_token|refresh_token|token|secret|password)"\s*:\s*")(?:[^"\\]|\\.)*"/gi,
    `$1${SECRET}"`,
  ],
];

const EMAIL_ADDRESS =
  /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu;

/** Anything but newline and tab: it could move the cursor or rewrite the operator's terminal. */
const CONTROL = /[^\P{Cc}\n\t]/gu;

export function scrubSecretPatterns(text: string): string {
  return SECRETS.reduce((scrubbed, [pattern, mark]) => scrubbed.replace(pattern, mark), text);
}

export function scrubPersonalPatterns(text: string): string {
  return scrubPhones(text.replace(EMAIL_ADDRESS, EMAIL), PHONE).replace(CONTROL, '');
}

const SECRET_KEYS: ReadonlySet<string> = new Set([
  'accesstoken',
  'apikey',
  'authorization',
  'cookie',
  'idtoken',
  'pass',
  'passwd',
  'password',
  'proxyauthorization',
  'refreshtoken',
  'secret',
  'secretkey',
  'servicerolekey',
  'setcookie',
  'smtpurl',
  'token',
  'webhookurl',
  'xapikey',
]);

/** True when whatever text stands under this key is a secret. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key.toLowerCase().replace(/[_-]/g, ''));
}
