/** Guesses the language of a text by its commonest words and its letters. */
import { languageCode } from '../../../core/language.ts';
import { LANGUAGES, type Language } from './phrases/index.ts';

interface Marks {
  readonly words: ReadonlySet<string>;
  /** Letters that the other languages here do not have. */
  readonly letters: RegExp;
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

const MARKS: Readonly<Record<Language, Marks>> = {
  sk: {
    words: wordSet(
      'som si sme ste sú že ale alebo ktorý ktorá ktoré chcem chcel chcela môj moja moje pri pre ' +
        'mám viem vediem pracujem rokov rád rada nie ešte tiež čo ako aj až od do na sa teraz ' +
        'by bol bola volám baví zaujíma robím robila robil mojej preto viac týždenne nemám je',
    ),
    letters: /[ľĺŕôä]/gu,
  },
  cs: {
    words: wordSet(
      'jsem jsi jsme jste jsou že ale nebo který která které chci chtěl chtěla můj moje při pro ' +
        'mám vím umím pracuji pracuju let rád ráda ne ještě také taky co jak i až od do na se teď ' +
        'by byl byla jmenuji jmenuju baví zajímá dělám dělala dělal proto více týdně nemám je',
    ),
    letters: /[řěů]/gu,
  },
  en: {
    words: wordSet(
      'the and i am is are was were have has had my me to of in for with that this but or want ' +
        'would like a an at on from years work working not also who which more week because he she they',
    ),
    letters: /(?!)/gu,
  },
  de: {
    words: wordSet(
      'ich bin ist sind war habe hat und oder aber der die das ein eine mein meine mit für von zu ' +
        'nicht auch den dem im in auf möchte will würde gerne jahre arbeite arbeiten weil woche ' +
        'heiße interessiere kann als bei',
    ),
    letters: /ß/gu,
  },
};

/** A letter of its own says more than a word that languages share. */
const LETTER_WEIGHT = 2;
/** With fewer marks than this a guess would be a coin toss. */
const FEWEST_MARKS = 2;

function score(text: string, words: readonly string[], marks: Marks): number {
  const known = words.filter((word) => marks.words.has(word)).length;
  return known + LETTER_WEIGHT * (text.match(marks.letters)?.length ?? 0);
}

/** Null when the text has too few marks of any of the four languages. */
export function guessLanguage(text: string): Language | null {
  const lower = text.normalize('NFC').toLowerCase();
  const words = lower.match(/\p{L}+/gu) ?? [];
  const scores = LANGUAGES.map((language) => ({
    language,
    score: score(lower, words, MARKS[language]),
  })).toSorted((a, b) => b.score - a.score);
  const best = scores[0];
  return best === undefined || best.score < FEWEST_MARKS ? null : best.language;
}

/** From a language's code or name in a profile, such as `sk`, `sk-SK` or `Slovak`. */
export function languageNamed(name: string): Language | null {
  const code = languageCode(name);
  return LANGUAGES.find((language) => language === code) ?? null;
}
