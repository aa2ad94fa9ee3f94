/**
 * A lead's id as the name of a folder. Ids of lower-case letters, digits, `_` and `-` (uuid, bigint)
 * stay as they are. Everything else is escaped: `=` and two hexadecimal digits for a code unit below
 * 256, `=u` and four for the others. Upper case is escaped too, as `A` and `a` are one folder on a
 * file system that ignores case; dots are, so that neither `..` nor a trailing dot can appear.
 */
import { sha256Hex } from './hash-chain.ts';

const MAX_LENGTH = 120;
/** With `==` and a sha256 the name of a very long id is 106 characters. */
const KEPT_OF_LONG = 40;

const EMPTY = '=';
/** Follows what is kept of a long id; an escape never has a second `=`. */
const HASH_MARK = '==';

/** Windows opens a device instead of a folder of such a name. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

function escaped(codeUnit: number): string {
  const hex = codeUnit.toString(16);
  return codeUnit < 0x100 ? `=${hex.padStart(2, '0')}` : `=u${hex.padStart(4, '0')}`;
}

function escapeAll(text: string): string {
  // Without the u flag a lone surrogate is a character like any other and keeps its own escape.
  return text.replace(/[^a-z0-9_-]/g, (unit) => escaped(unit.charCodeAt(0)));
}

function unescapeAll(name: string): string {
  return name.replace(/=u[0-9a-f]{4}|=[0-9a-f]{2}/g, (escape) =>
    String.fromCharCode(Number.parseInt(escape.replace(/^=u?/, ''), 16)),
  );
}

function wholeName(leadId: string): string {
  if (leadId === '') return EMPTY;
  if (RESERVED.test(leadId)) return escaped(leadId.charCodeAt(0)) + leadId.slice(1);
  return escapeAll(leadId);
}

/** The folder's name: 1 to 120 characters of `[a-z0-9_=-]`, different for every id. */
export function folderNameOf(leadId: string): string {
  const name = wholeName(leadId);
  if (name.length <= MAX_LENGTH) return name;
  return `${name.slice(0, KEPT_OF_LONG)}${HASH_MARK}${sha256Hex(name)}`;
}

/** True when the id is too long to be read back from its folder's name. */
export function isHashedName(folderName: string): boolean {
  return folderName.includes(HASH_MARK);
}

/** The id that a folder stands for; null when it is hashed or no folder of a lead. */
export function leadIdOf(folderName: string): string | null {
  const leadId = folderName === EMPTY ? '' : unescapeAll(folderName);
  return folderNameOf(leadId) === folderName ? leadId : null;
}
