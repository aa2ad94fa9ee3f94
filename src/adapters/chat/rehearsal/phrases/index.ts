import { cs } from './cs.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { sk } from './sk.ts';
import type { Language, Phrases } from './types.ts';

export { LANGUAGES, type Language, type Phrases, type Theme } from './types.ts';

export const PHRASES: Readonly<Record<Language, Phrases>> = { sk, cs, en, de };
