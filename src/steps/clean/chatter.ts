/**
 * What a chat model says around its work. Only whole lines count, and only those that speak of the
 * page, of the request or of a next turn, so that a lesson's own words are never taken for it.
 */
import { ENGLISH_CLOSINGS, ENGLISH_DEEDS, ENGLISH_REPORT } from './chatter/english.ts';
import { GERMAN_CLOSINGS, GERMAN_DEED } from './chatter/german.ts';
import { anyOf, remarkOf, shows, sign } from './chatter/sign.ts';
import type { Sign } from './chatter/sign.ts';
import { SLOVAK_CZECH_CLOSINGS, SLOVAK_CZECH_DEED } from './chatter/slovak-czech.ts';
import { OBJECT, OWN } from './chatter/work.ts';

/** Words for the page itself; a lesson speaks of its subject. */
const WORK = anyOf([
  'html|webpage|web page|converted|transformed|markup|conversion',
  '(?:html|webov~) stránk~|webseite',
]);
const WHOLE = anyOf([
  'complete|full|whole|converted|transformed|requested|final|finished',
  'updated|revised|kompletn~|cel\\p{L}|hotov~|požadovan~|upraven~',
  'výsledn~|finálna|vollständige~|komplette~|fertige~|überarbeitete~',
]);
const PIECE = anyOf([
  'lesson|page|version|document|stránk~|lekc~|verz~|dokument~',
  'lektion|seite',
]);
const THE = anyOf(['the', 'your', 'tvoj~', 'vaš~', 'tá', 'die', 'das', 'deine', 'ihre']);
const YES = anyOf([
  'sure(?: thing)?|certainly|of course|absolutely|great|okay|ok',
  'samozrejme|iste|jasné|jasne|určite|samozřejmě|jistě|jasně',
  'natürlich|gerne|selbstverständlich',
]);
const HERE = anyOf([
  "here(?:'s| is| are)|below is|tu je|tu máte|tu máš|nižšie je",
  'nižšie nájdete|nech sa páči|zde je|níže je|hier ist|hier sind',
]);
const I_DID = anyOf([...ENGLISH_DEEDS, SLOVAK_CZECH_DEED, GERMAN_DEED]);

const OPENINGS: readonly Sign[] = [
  sign(`(?:${YES}|got it|understood|rozumiem|rozumím)[!.,]*$`),
  sign(`(?:${YES}[!.,]* )?${HERE}`, `^[^.!?]{0,160}?${WORK}[^.!?]{0,120}[.:!]*$`),
  sign(`(?:${YES}[!.,]+ )?${HERE}(?: ${THE})? ${WHOLE} ${PIECE}`, '^[^.!?]{0,80}[.:!]*$'),
  sign(`${YES}[!.,]+ ${HERE} ${THE} ${PIECE}`),
  sign(`${YES}[!.,]+ ${I_DID}`, OBJECT),
  sign(ENGLISH_REPORT, OBJECT),
];

const CLOSINGS: readonly Sign[] = [
  ...ENGLISH_CLOSINGS,
  ...SLOVAK_CZECH_CLOSINGS,
  ...GERMAN_CLOSINGS,
];

function isChatter(line: string, signs: readonly Sign[]): boolean {
  const remark = remarkOf(line);
  return !OWN.test(remark) && signs.some((one) => shows(remark, one));
}

export function isOpeningChatter(line: string): boolean {
  return isChatter(line, OPENINGS);
}

export function isClosingChatter(line: string): boolean {
  return isChatter(line, CLOSINGS);
}
