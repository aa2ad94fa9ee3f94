/** What a model that writes German says when its work is done. The verb stands at the end. */
import { ASKED, FEW_WORDS, NOTHING_MORE, NO_COLON, QUOTED, THEN, anyOf, sign } from './sign.ts';
import type { Sign } from './sign.ts';
import { EXTRA, ITS_OWN, NO_CV, behindObject } from './work.ts';

const PRODUCING = anyOf([
  'erstellen?|vorbereiten?|hinzufügen?|ergänzen?|übersetzen?|kürzen?',
  'erweitern|erweitere|umwandeln|umwandle|anpassen?|vereinfachen?',
  'zusammenfassen?|ausarbeiten?|generieren?|umschreiben?',
]);
const GIVING = anyOf(['geben?', 'machen?', 'zeigen?', 'schreiben?', 'helfen?']);
const MAKES = `(?:${PRODUCING}|${behindObject(GIVING)})`;
const VERB = `(?:${PRODUCING}|${GIVING})`;
const I_MAKE = anyOf([
  'erstelle|übersetze|kürze|ergänze|erweitere|generiere|vereinfache',
  'bereite|füge|wandle|passe|fasse',
]);

/** How it says what it did. */
export const GERMAN_DEED = 'ich habe';

const LIKE =
  '(?:möchte(?:st|n|t)|willst|wollen|wollt|magst|mögen|wünsch(?:st|en|t)|brauch(?:st|en|t))';
const IF_YOU_LIKE = anyOf([`(?:wenn|falls|sofern) (?:du|sie|ihr) (?:es )?${LIKE}`]);
const WOULD_YOU_LIKE = '(?:möchtest du|möchten sie|möchtet ihr|willst du|wollen sie|wollt ihr)';
const GO_ON = anyOf(['weitermachen', 'fortfahren', 'fortsetzen', 'weitergehen', 'weiter']);
const MORE = anyOf(['(?:noch )?(?:eine? )?(?:mehr|weitere[nrs]?)', 'noch eine?n?']);
const FEEDBACK = anyOf([
  'etwas (?:ändern|anpassen|ergänzen|kürzen)|änderungen|anpassungen',
  '(?:noch|weitere) fragen',
]);

export const GERMAN_CLOSINGS: readonly Sign[] = [
  sign(
    IF_YOU_LIKE,
    `${THEN}(?:dann )?(?:(?:kann|könnte|werde|würde) ich [^.!?]*${MAKES}|${I_MAKE} ich)${NO_COLON}`,
  ),
  sign(`${WOULD_YOU_LIKE},? dass ich `, `${MAKES}${ASKED}`),
  sign(`${WOULD_YOU_LIKE} ${MORE} `, `^${FEW_WORDS}${EXTRA}${ASKED}`),
  sign(`${WOULD_YOU_LIKE} mit `, `^${FEW_WORDS}${EXTRA}[^.!?]*${GO_ON}${ASKED}`),
  sign(`${NO_CV}soll ich `, `${ITS_OWN}[^.!?]*${VERB}${ASKED}`),
  sign(`(?:(?:soll ich|sollen wir|${WOULD_YOU_LIKE}) )?${GO_ON}\\?`, `^${NOTHING_MORE}`),
  sign(
    anyOf([
      '(?:lass|lassen sie) (?:es )?mich wissen',
      '(?:sag|sagen sie|gib|geben sie) (?:mir )?(?:einfach )?bescheid',
    ]),
    `${EXTRA}|${FEEDBACK}`,
  ),
  sign(`${NO_CV}(?:ich kann|gerne? kann ich) `, `${ITS_OWN}[^.!?]*${VERB}`),
  sign(`gerne? ${I_MAKE} ich `, EXTRA),
  sign(
    `(?:ich )?hoffe,? ${anyOf(['(?:das|dies|es) (?:hilft|(?:war|ist) hilfreich)'])}`,
    '^.{0,100}$',
  ),
  sign(
    `(?:schreibe?|schreiben sie|sage?|sagen sie|antworte)(?: mir)?(?: einfach)? ${QUOTED}`,
    `^,? (?:und (?:dann )?(?:ich|${I_MAKE} ich)|um (?:weiter|fort)|wenn .*${EXTRA})`,
  ),
];
