/** A lead's description → a profile, from the words that stand in it. What is not said stays null. */
import { guessLanguage } from './language.ts';

export interface RehearsalProfile {
  readonly name: string | null;
  readonly age: number | null;
  readonly language: string | null;
  readonly situation: string | null;
  readonly education: string | null;
  readonly experience: string | null;
  readonly skills: readonly string[];
  readonly interests: readonly string[];
  readonly strengths: readonly string[];
  readonly constraints: readonly string[];
  readonly goals: readonly string[];
  readonly target_role: string | null;
  readonly weekly_hours: number | null;
  readonly notes: string | null;
}

const MAX_ITEMS = 6;
const MAX_PHRASE_CHARS = 80;
const MAX_SENTENCE_CHARS = 240;

/** Where a phrase begins that says what a person can, likes or wants to be. */
const CAN = phraseAfter(
  'viem|ovládam|vediem|umím|ovládám|i know|i can|skilled in|experience with|proficient in|ich kann|ich beherrsche',
);
const LIKES = phraseAfter(
  'baví ma|zaujíma ma|zaujímam sa o|zaujímajú ma|rád(?! by)|rada(?! by)|baví mě|zajímá mě|zajímám se o|' +
    'interested in|i like|i enjoy|i love|interessiere mich für|ich mag|mir macht spaß',
);
const BECOMES = phraseAfter(
  'chcem byť|chcela by som byť|chcel by som byť|chcem pracovať ako|pracovať ako|stať sa|sa stať|' +
    'chci být|chtěla bych být|chtěl bych být|pracovat jako|stát se|se stát|' +
    'become an?|work as an?|want to be an?|job as an?|role as an?',
);
/** German puts the verb last. */
const BECOMES_BEFORE =
  /(?:möchte|will)\s+(?:später\s+|gerne?\s+)?(?:als\s+)?([^.!?;:,\n]{2,80}?)\s+(?:werden|arbeiten)/giu;

const SAYS = {
  education:
    /škol|štud|gymnáz|univerz|fakult|matur|kurz|vyučen|studuj|studov|vysok|degree|stud(?:y|ied|ent)|universit|school|college|course|ausbildung|studier|schule|kurs/iu,
  experience:
    /prac(?:ujem|oval|ovala|uji|ovat|ujú)|prax|brigád|stáž|robil|robila|dělal|work(?:ed|ing)|intern|job|freelanc|gearbeitet|arbeite|praktikum|berufserfahrung/iu,
  strengths:
    /siln(?:á|é|ou|ý)|dobr(?:ý|á|e) v|spoľahliv|trpezliv|vytrval|důsledn|spolehliv|trpěliv|strength|good at|reliable|patient|stärke|gut in|zuverlässig|geduldig/iu,
  constraints:
    /nemám|nemôžem|bez |málo|iba|len |nemůžu|nemohu|jen |pouze|can(?:no|['’])t|only|without|limited|kein|nicht|nur /iu,
  goals:
    /chcem|chcel|chcela|cieľ|plánujem|chci|chtěl|cíl|want|would like|goal|hope|aim|möchte|ziel|will /iu,
} as const;

function phraseAfter(starts: string): RegExp {
  return new RegExp(`(?<![\\p{L}])(?:${starts})\\s+([^.!?;:\\n]{2,200})`, 'giu');
}

function cut(text: string, chars: number): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  if (clean.length <= chars) return clean.toWellFormed();
  const head = clean.slice(0, chars - 1);
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), chars / 2))}…`.toWellFormed();
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+|\n+/u)
    .map((sentence) => cut(sentence.replace(/^[-*•\s]+/u, ''), MAX_SENTENCE_CHARS))
    .filter((sentence) => /\p{L}{2}/u.test(sentence));
}

function unique(items: readonly string[]): string[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = item.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The items of a spoken list: `Excel, trochu SQL a písanie textov`. */
function itemsOf(phrase: string): string[] {
  return phrase
    .split(/,|(?<![\p{L}])(?:a|i|aj|and|und|or|alebo|nebo|oder)(?![\p{L}])/iu)
    .map((item) => cut(item.replace(/^["'„“(\s]+|["'“”)\s]+$/gu, ''), MAX_PHRASE_CHARS))
    .filter((item) => /\p{L}{2}/u.test(item));
}

function itemsAfter(text: string, pattern: RegExp): string[] {
  const phrases = [...text.matchAll(pattern)].flatMap(([, phrase]) => phrase ?? []);
  return unique(phrases.flatMap(itemsOf)).slice(0, MAX_ITEMS);
}

/** Names of tools and languages as a rule stand in capitals or mixed case within a sentence. */
function toolsIn(text: string): string[] {
  const found = text.match(
    /(?<![\p{L}\d])(?:MS )?(?:Excel|Word|PowerPoint|Photoshop|Illustrator|Figma|Canva|Python|JavaScript|TypeScript|Java|C\+\+|C#|PHP|SQL|HTML|CSS|Git|Linux|WordPress|SAP|AutoCAD|React|Node\.js|Power BI)(?![\p{L}\d])/gu,
  );
  return found ?? [];
}

function sentencesAbout(sentences: readonly string[], about: RegExp): string[] {
  return sentences.filter((sentence) => about.test(sentence)).slice(0, MAX_ITEMS);
}

function nameIn(text: string): string | null {
  const found =
    /(?:volám sa|moje meno je|jmenuji se|jmenuju se|my name is|ich hei(?:ß|ss)e|mein name ist)\s+((?:\p{Lu}[\p{L}'’-]+)(?:\s+\p{Lu}[\p{L}'’-]+){0,2})/iu.exec(
      text,
    );
  const words = (found?.[1] ?? '').split(/\s+/).filter((word) => /^\p{Lu}/u.test(word));
  return words.length === 0 ? null : cut(words.join(' '), MAX_PHRASE_CHARS);
}

function ageIn(text: string): number | null {
  const found =
    /(?:mám|je mi|i am|i['’]m|ich bin)\s+(\d{1,2})(?!\s*(?:hod|hour|std|stund))|(\d{1,2})[\s-]*(?:rokov|roky|ročn|let(?!\p{L})|years? old|jahre alt|jährig)/iu.exec(
      text,
    );
  const age = Number(found?.[1] ?? found?.[2] ?? NaN);
  return age >= 10 && age <= 99 ? age : null;
}

function weeklyHoursIn(text: string): number | null {
  const found =
    /(\d{1,2})\s*(?:až\s*\d+\s*|[-–]\s*\d+\s*)?(?:hodín|hodiny|hodin|h|hours?|hrs?|stunden|std\.?)\s*(?:týždenne|za týždeň|do týždňa|týdně|za týden|a week|per week|weekly|\/\s*(?:week|týž|týd)|pro woche|in der woche|wöchentlich)/iu.exec(
      text,
    );
  const hours = Number(found?.[1] ?? NaN);
  return hours >= 1 && hours <= 80 ? hours : null;
}

function roleIn(text: string): string | null {
  const [phrase] = [...itemsAfter(text, BECOMES), ...itemsAfter(text, BECOMES_BEFORE)];
  return phrase ?? null;
}

/** The same text gives the same profile, always. */
export function profileOf(description: string): RehearsalProfile {
  const text = description.normalize('NFC');
  const sentences = sentencesOf(text);
  const about = (what: keyof typeof SAYS) => sentencesAbout(sentences, SAYS[what]);
  return {
    name: nameIn(text),
    age: ageIn(text),
    language: guessLanguage(text),
    situation: sentences.slice(0, 2).join(' ') || null,
    education: about('education')[0] ?? null,
    experience: about('experience')[0] ?? null,
    skills: unique([...toolsIn(text), ...itemsAfter(text, CAN)]).slice(0, MAX_ITEMS),
    interests: itemsAfter(text, LIKES),
    strengths: about('strengths'),
    constraints: about('constraints'),
    goals: about('goals'),
    target_role: roleIn(text),
    weekly_hours: weeklyHoursIn(text),
    notes: null,
  };
}
