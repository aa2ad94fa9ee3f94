/** What a model that writes English says when its work is done. */
import { ASKED, FEW_WORDS, NOTHING_MORE, NO_COLON, QUOTED, THEN, anyOf, sign } from './sign.ts';
import type { Sign } from './sign.ts';
import { EXTRA, ITS_OWN, NO_CV, withObject } from './work.ts';

const PRODUCING = anyOf([
  'prepare|turn|convert|create|generate|add|adjust|adapt|expand',
  'extend|translate|shorten|simplify|summari[sz]e|rewrite|reformat',
  'export|draft|elaborate|break down|continue|go (?:on|deeper)',
]);
const GIVING = anyOf(['make', 'write', 'provide', 'give', 'show', 'build', 'put', 'help']);
const MAKES = `(?:${PRODUCING}|${withObject(GIVING)})`;
const VERB = `(?:${PRODUCING}|${GIVING})`;
const MADE = anyOf([
  'converted|transformed|turned|rewritten|formatted|prepared|created',
  'made|written|generated|built|put together',
]);

const I_HAVE_MADE = `i(?: have|'ve) (?:also )?${MADE}`;
/** How it says what it did or does now. */
export const ENGLISH_DEEDS: readonly string[] = [I_HAVE_MADE, `i(?:'ll| will) (?:also )?${VERB}`];
/** The same without any "Sure!" before it. */
export const ENGLISH_REPORT = `${I_HAVE_MADE} ${anyOf(['the', 'your', 'this'])}`;

const FEEDBACK = anyOf([
  '(?:any|other|further) (?:changes|adjustments|edits|questions)|anything else',
  'more (?:details?|examples)|anything is unclear|change anything',
]);
const WANT = '(?:would you like|(?:do you )?want)';
const GO_ON = '(?:continue|go on|move on|proceed)';
const IF_YOU_WANT = anyOf(["if you(?:'d like|'d prefer| want| would like| wish| need| prefer)"]);
/** "I would" alone is advice. */
const I_CAN = "i(?: can| could| will|'ll|(?: would|'d) be (?:happy|glad) to)";
const GLADLY = '(?: (?:also|gladly|happily|now|then|next|help you(?: to)?)){0,3}';
const JUST_ASK = `(?:let me know.*|just (?:ask|tell me|say (?:so|the word|${QUOTED}))[.!]?)$`;
const ONE_MORE = anyOf(['an?', 'the', 'this', 'it', 'next', 'another', 'more']);

export const ENGLISH_CLOSINGS: readonly Sign[] = [
  sign(
    '(?:please )?(?:feel free to )?let me know (?:if|whether|what) ',
    `${EXTRA}|${FEEDBACK}|me to ${MAKES}`,
  ),
  sign(`${WANT} me to `, `^(?:(?:also|now|next|then) )?${MAKES}`),
  sign(`${WANT} (?:another|more|the next) `, `^${FEW_WORDS}${EXTRA}${ASKED}`),
  sign(
    `(?:${WANT}|(?:are you )?ready|shall we) (?:me )?(?:to )?${GO_ON} `,
    `^${FEW_WORDS}${EXTRA}${ASKED}`,
  ),
  sign('(?:are you )?ready for ', `^${FEW_WORDS}${EXTRA}${ASKED}`),
  sign(`(?:(?:shall|should) (?:i|we) |${WANT} (?:me )?to )?${GO_ON}\\?`, `^${NOTHING_MORE}`),
  sign(`${NO_CV}(?:shall|should) i (?:also |now )?${VERB} `, `${ITS_OWN}${ASKED}`),
  sign(IF_YOU_WANT, `${THEN}(?:then )?${I_CAN}${GLADLY} ${MAKES}${NO_COLON}`),
  sign(IF_YOU_WANT, `(?:${EXTRA}|${FEEDBACK}).*${JUST_ASK}`),
  sign(
    `${NO_CV}i (?:can|could) also ${VERB} `,
    `^(?:you )?${ONE_MORE} (?:[^\\s.!?]+ ){0,2}${EXTRA}|^(?:you )?${ITS_OWN}`,
  ),
  sign(`(?:i )?hope ${anyOf(['(?:this|that|it) (?:helps|(?:was|is) helpful)'])}`, '^.{0,100}$'),
  sign(
    anyOf(['feel free to (?:ask|reach out|let me know)(?: me)?']),
    `^(?:[.!]?$| ${anyOf(['if', 'any(?:time|thing)?', 'more', 'further'])})`,
  ),
  sign(
    `(?:just |simply )?(?:say|type|write|reply|reply with) ${QUOTED}`,
    `^,? ${anyOf([
      "and i(?:'ll| will)|to (?:continue|go on)|for the next",
      "when(?:ever)? you(?:'re| are) ready",
    ])}`,
  ),
];
