/**
 * Reads back out of a prompt what its template was filled with. Templates are the user's to edit, so
 * nothing here fails: where a frame is not found, the whole prompt is the text.
 */
import { knownKeys } from '../../../core/profile.ts';
import { extractJson } from '../../../core/reply/extract-json.ts';
import { findFrames, instructionsOf, type Frame } from './frames.ts';
import { guessLanguage, languageNamed } from './language.ts';
import type { Language } from './phrases/index.ts';

const DEFAULT_BLOCK_COUNT = 15;
const MOST_BLOCKS = 100;

function named(frames: readonly Frame[], name: RegExp): Frame | undefined {
  return frames.find((frame) => name.test(frame.name));
}

function longest(frames: readonly Frame[]): Frame | undefined {
  return frames.toSorted((a, b) => b.text.length - a.text.length)[0];
}

/** Of the input transform: the lead's own words. */
export function descriptionIn(prompt: string): string {
  return longest(findFrames(prompt))?.text ?? prompt;
}

function asProfile(text: string): Readonly<Record<string, unknown>> | null {
  const json = extractJson(text);
  if (!json.ok || json.value === null || typeof json.value !== 'object') return null;
  return knownKeys(json.value) > 2 ? Object.fromEntries(Object.entries(json.value)) : null;
}

/** Fields that stand in the prompt one by one, as `Language: Slovak`. */
function fieldsIn(prompt: string): Readonly<Record<string, unknown>> {
  const value = (label: string) =>
    new RegExp(`^[\\s*-]*(?:${label})[\\s*]*[:=][\\s*]*(.+)$`, 'imu').exec(prompt)?.[1]?.trim();
  return {
    language: value('language|jazyk|sprache'),
    target_role: value('target role|target_role|cieľová pozícia|cílová pozice|zielberuf'),
    weekly_hours: value('weekly hours|weekly_hours|hours a week|hodín týždenne|hodin týdně'),
    skills: value('skills|zručnosti|dovednosti|fähigkeiten'),
    interests: value('interests|záujmy|zájmy|interessen'),
  };
}

/** The profile of a plan or lesson prompt, with whatever keys can be found. */
export function profileIn(prompt: string): Readonly<Record<string, unknown>> {
  const framed = named(findFrames(prompt), /profil/u)?.text ?? '';
  return asProfile(framed) ?? asProfile(prompt) ?? fieldsIn(prompt);
}

function numbersAfter(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map((match) => Number(match[1]));
}

/** How many blocks the template asks for: a stated count, else the highest `<blok-n>` it names. */
export function blockCountIn(prompt: string): number {
  const own = instructionsOf(prompt, findFrames(prompt));
  const sensible = (count: number) => count >= 1 && count <= MOST_BLOCKS;
  const stated = numbersAfter(own, /(?:exactly|presne|přesně|genau)\s+(\d{1,3})(?!\d)/giu);
  const tagged = numbersAfter(own, /<\/?blok-(\d{1,3})>/giu);
  const counted = numbersAfter(
    own,
    /(?<![\d.–-])(\d{1,3})\s+(?:\p{L}+\s+)?(?:blok|block|blöck)/giu,
  );
  const asked = [stated, tagged, counted].map((found) => found.filter(sensible));
  const surest = asked.find((found) => found.length > 0) ?? [DEFAULT_BLOCK_COUNT];
  return Math.max(...surest);
}

export interface PromptBlock {
  readonly n: number;
  readonly text: string;
}

/** The block that a lesson is asked for. */
export function blockIn(prompt: string): PromptBlock {
  const frames = findFrames(prompt);
  const own = instructionsOf(prompt, frames);
  const [n = 1] = numbersAfter(
    own,
    /(?:blok|block|lesson|lekci[ae]|lektion)\s*(?:number|no\.?|č\.?|nr\.?|#)?\s*(\d{1,3})(?!\s*(?:\p{L}+\s+)?blo)/giu,
  );
  const framed = named(frames, /bl[oö][ck]/u)?.text;
  const inPlan = new RegExp(`<blok-${n}>([\\s\\S]*?)</blok-${n}>`, 'iu').exec(prompt)?.[1];
  return { n, text: framed ?? inPlan ?? longest(frames)?.text ?? prompt };
}

/** Of the HTML prompt: the lesson. */
export function lessonIn(prompt: string): string {
  const frames = findFrames(prompt);
  return (named(frames, /lesson|obsah|content|lekci|text/u) ?? longest(frames))?.text ?? prompt;
}

/** The language that a page is asked for in; else the one that its lesson is written in. */
export function languageIn(prompt: string): Language {
  const own = instructionsOf(prompt, findFrames(prompt));
  const label = /(?<=\p{L} )\(([a-z]{2,3})\)/u.exec(own)?.[1];
  const asked = label === undefined ? null : languageNamed(label);
  return asked ?? guessLanguage(lessonIn(prompt)) ?? 'en';
}
