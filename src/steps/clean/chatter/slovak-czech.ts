/** What a model that writes Slovak or Czech says when its work is done. */
import { ASKED, FEW_WORDS, NOTHING_MORE, NO_COLON, QUOTED, THEN, anyOf, sign } from './sign.ts';
import type { Sign } from './sign.ts';
import { EXTRA, ITS_OWN, NO_CV, withObject } from './work.ts';

/** Without the ending of an infinitive or of the past. */
const PRODUCING: readonly string[] = [
  'pripravi|prida|rozpísa|preloži|skráti|doplni|vytvori|rozšíri',
  'zjednoduši|upravi|prepísa|previes|previed|premeni|zostavi|navrhnú',
  'navrho|vygenerova|spracova|zhrnú|zhrnu|prerobi|pokračova',
  'připravi|přida|rozepsa|přeloži|zkráti|vytvoři|rozšíři|přepsa',
  'převés|převed|sestavi|navrhnou|zpracova|shrnou|shrnu|předěla',
];
const GIVING: readonly string[] = ['da', 'dá', 'spravi', 'urobi', 'uděla', 'ukáza', 'napísa'];
const withEnding = (stems: readonly string[]): string =>
  anyOf([`(?:${stems.join('|')})(?:ť|t|la?)`]);
const MAKES = `(?:${withEnding(PRODUCING)}|${withObject(withEnding(GIVING))})`;
const VERB = withEnding([...PRODUCING, ...GIVING]);
const I_MAKE = anyOf([
  'pripravím|pridám|rozpíšem|preložím|skrátim|doplním|vytvorím',
  'rozšírim|zjednoduším|upravím|prepíšem|prevediem|premením|zostavím',
  'navrhnem|vygenerujem|spracujem|zhrniem|prerobím',
  'připravím|přidám|rozepíš[iu]|přeložím|zkrátím|vytvořím|rozšířím',
  'přepíš[iu]|převedu|sestavím|navrhnu|vygeneruj[iu]|zpracuj[iu]|shrnu',
]);

/** How it says what it did. */
export const SLOVAK_CZECH_DEED = '(?:pripravil|previedol|vytvoril|připravil|převedl|vytvořil)a?';

/** Small words that may stand before the verb; a question word is none. */
const SMALL = `(?:${anyOf([
  'rád|rada|ráda|ja|já|ti|vám|to|z toho|k tomu|pre|pro',
  'teba|tebe|vás|hneď|hned|tak|aj|i|tiež|také|taky|už',
  'teraz|teď|potom|ešte|ještě',
])} ){0,5}`;

const YOU_WANT =
  '(?:chceš|chcete|praješ si|prajete si|želáš si|želáte si|přeješ si|přejete si|máš záujem|máte záujem|máš zájem|máte zájem)';
const IF_YOU_WANT = anyOf([
  `(?:ak|pokiaľ|pokud|jestli) ${YOU_WANT}`,
  '(?:ak|pokiaľ|pokud|jestli) si (?:praješ|prajete|želáš|želáte|přeješ|přejete)',
  '(?:ak|pokiaľ|pokud|jestli) (?:potrebuješ|potrebujete|potřebuješ|potřebujete)',
  '(?:ak|keby) (?:by si|by ste|si|ste) (?:chcel~|mal~ záujem)',
  '(?:pokud|kdyby) ?(?:bys|byste|s|ste) (?:chtěl~|měl~ zájem)',
]);
const I_COULD = anyOf([
  'môžem|viem|dokážem|(?:mohol|mohla|rád|rada) by som',
  'můžu|mohu|umím|dokážu|(?:mohl|mohla|rád|ráda) bych',
]);
const GO_ON = anyOf(['pokračova[ťt]', 'prejsť', 'přejít', 'ísť ďalej', 'jít dál']);
const SHALL_WE = `(?:chceš|chcete|môžeme|můžeme|mám|máme|budeme) ${SMALL}`;
const MORE = anyOf(['ďalš~', 'další~', 'viac', 'více']);
const LET_ME_KNOW = anyOf(['(?:daj|dajte|dej|dejte) (?:mi |nám )?(?:prosím )?(?:vedieť|vědět)']);
const JUST_SAY = `stačí (?:napísať|povedať|napsat|říct|říci)(?: mi)?(?: ${QUOTED})?`;
const FEEDBACK = anyOf([
  `(?:niečo|něco) ${FEW_WORDS}(?:zmeniť|změnit|opraviť|opravit|${VERB})`,
  '(?:nejak~|nějak~|ďalš~|další) (?:zmen~|změn~|úprav~)',
  '(?:to )?takto (?:stačí|vyhovuje)',
  'má(?:š|te) (?:ďalš~ |další |nejak~ |nějak~ )?otázk~',
]);
const TELL = '(?:stačí )?(?:nap[ií]š|odpíš|zadaj|povedz|řekn[iě]|napísať|povedať|napsat)(?:te)?';

export const SLOVAK_CZECH_CLOSINGS: readonly Sign[] = [
  sign(IF_YOU_WANT, `${THEN}${SMALL}(?:${I_COULD} ${FEW_WORDS}${MAKES}|${I_MAKE})${NO_COLON}`),
  sign(
    IF_YOU_WANT,
    `${THEN}${SMALL}(?:m[ôů]žeme ${GO_ON}|pokračujeme|prejdeme|přejdeme) .*${EXTRA}`,
  ),
  sign(IF_YOU_WANT, `(?:${EXTRA}|${FEEDBACK}).*(?:${LET_ME_KNOW}|${JUST_SAY}[.!]?$)`),
  sign(`${LET_ME_KNOW},? (?:ak|či|keby|čo|pokud|jestli|zda|co) `, `${EXTRA}|${FEEDBACK}`),
  sign(`${YOU_WANT},? (?:aby som|abych) `, `${MAKES}${ASKED}`),
  sign(`${YOU_WANT} (?:o )?${SMALL}${MORE} `, `^${FEW_WORDS}${EXTRA}${ASKED}`),
  sign(`(?:${SHALL_WE})?${GO_ON} `, `^${FEW_WORDS}${EXTRA}${ASKED}`),
  sign(`(?:${SHALL_WE})?(?:${GO_ON}|pokračujeme)\\?`, `^${NOTHING_MORE}`),
  sign(`${NO_CV}(?:mám|máme) (?=${SMALL}${VERB})`, `${ITS_OWN}${ASKED}`),
  sign(`${NO_CV}(?:môžem|můžu|mohu) (?=${SMALL}${VERB})`, ITS_OWN),
  sign(
    '(?:dúfam|verím|doufám|věřím),? (?:že )?',
    `^(?:${anyOf([
      'ti|vám|to|toto|táto|tato|tento|pre|pro|teba|tebe|vás',
      'bude|bola|bolo|byla|bylo',
      EXTRA,
    ])} ){1,6}${anyOf(['pomôž~', 'pomoh~', 'pomáh~', 'pomůž~', 'užitočn~', 'užitečn~'])}`,
  ),
  sign(`(?:rád|rada|ráda) (?:vám|ti) (?:pomôžem|pomohu|pomůžu|${I_MAKE}) `, EXTRA),
  sign(
    `${TELL} (?:mi )?${QUOTED}`,
    `^,? (?:a ${SMALL}${I_MAKE}|(?:ak|keď|pokud|když|až) (?:chce|bude)(?:š|te) .*(?:${GO_ON}|${EXTRA}))`,
  ),
];
