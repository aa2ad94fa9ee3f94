/**
 * What a chat model calls its work. A lesson about a CV or an interview speaks of adding, asking and
 * helping as well, so an offer counts by what it is about.
 */
import { anyOf } from './sign.ts';

/** What only a model makes here: a CV has no exercises, and an applicant no next lesson. */
const EXTRAS: readonly string[] = [
  'lessons?|quiz(?:zes)?|exercises?|worksheets?|flashcards?',
  '(?:shorter|longer|simpler|different|another|printable) version',
  'lekc~|cvičen~|kvíz~|blok(?:y|u|om|ov)?|pracovn~ list~|kartič~',
  '(?:kratš~|dlhš~|delš~|jednoduchš~|jednodušš~|in~|jin~) verz~',
  'lektion~|übung~|arbeitsbl[aä]tt~|lernkarten?',
  '(?:kürzere~|längere~|einfachere~|andere~) version',
];

/** What a model's work also is; an applicant has them too. */
const FORMATS: readonly string[] = [
  'pages?|web ?pages?|versions?|pdf|html|documents?',
  'strán~|verzi~|verz[eí]|dokument~',
  'seiten?|webseiten?|version(?:en)?',
];

export const EXTRA = anyOf(EXTRAS);
export const OBJECT = anyOf([...EXTRAS, ...FORMATS]);

const OF_THIS = anyOf(['(?:this|it) (?:in)?to', 'z toho', 'daraus']);
/** Also a PDF, when it is made of the page at hand: enough where a reader could be asking. */
export const ITS_OWN = `(?:${EXTRA}|${OF_THIS} (?:[^\\s.!?]+ ){0,2}${OBJECT})`;

/** A question about these is a reader's. */
export const NO_CV = `(?!.*${anyOf([
  'cv|r[eé]sum[eé]|cover letter|životopis~|motivačn~ list~|motivačn~ dopis~',
  'lebenslauf~|anschreiben|bewerbung~',
])})`;

/** A verb that anybody may use counts only beside what is made. */
export const withObject = (verb: string): string => `${verb}[^.!?]{0,160}${OBJECT}`;
export const behindObject = (verb: string): string => `${OBJECT}[^.!?]{0,160}${verb}`;

/** Who speaks of something of their own is a person in the lesson. */
export const OWN = new RegExp(
  anyOf(['my|mine|myself|mein|meine[mnrs]?', 'môj|moj~|môjho|môjmu|můj|mého|mému|mém']),
  'iu',
);
