/** Counts for docs/content.md: what was tried, and how much of it held. */
import { htmlToPage } from '../../../src/steps/html-to-json.ts';
import { cleanPage } from '../../../src/steps/clean.ts';
import { SHAPES } from '../../unit/core/reply-shapes.ts';
import { CUTS, TWICE, WRAPPINGS } from '../../unit/core/reply-wrappings.ts';
import { findDangers } from '../../unit/steps/support/safety.ts';
import { wordsOfHtml } from '../../unit/steps/support/visible.ts';
import { FAMILIES, PLACES } from '../../unit/steps/support/xss-vectors.ts';
import { CORPUS, documentsOf } from './corpus.ts';
import { faultsOfSource } from './page-invariants.ts';

/** So many held of so many. */
export interface Held {
  readonly held: number;
  readonly of: number;
}

function count<T>(cases: readonly T[], holds: (one: T) => boolean): Held {
  return { held: cases.filter(holds).length, of: cases.length };
}

export interface ReplyCounts {
  readonly shape: string;
  readonly wrapped: Held;
  readonly twice: Held;
  readonly cut: Held;
}

export function measureReplies(): ReplyCounts[] {
  return Object.entries(SHAPES).map(([shape, { text, value, read, cut }]) => {
    const isWhole = (reply: string): boolean => {
      const result = read(reply);
      return result.ok && JSON.stringify(result.value) === JSON.stringify(value);
    };
    const isKnownAsCut = (reply: string): boolean => {
      const result = read(reply);
      return !result.ok && /incomplete|cut off/.test(result.error.reason);
    };
    return {
      shape,
      wrapped: count(Object.values(WRAPPINGS), (wrap) => isWhole(wrap(text))),
      twice: count(Object.values(TWICE), (wrap) => isWhole(wrap(text, cut))),
      cut: count(Object.values(CUTS), (wrap) => isKnownAsCut(wrap(cut))),
    };
  });
}

export interface VectorCounts {
  readonly family: string;
  readonly vectors: number;
  /** Vector by place, before and after cleaning. */
  readonly safe: Held;
}

function isSafe(html: string): boolean {
  const result = htmlToPage(html, { pageIndex: 1, language: null });
  if (!result.ok) return true;
  const pages = [result.value, cleanPage(result.value).page];
  return pages.every((page) => findDangers(page).length === 0);
}

export function measureVectors(): VectorCounts[] {
  return Object.entries(FAMILIES).map(([family, vectors]) => {
    const sources = vectors.flatMap((vector) =>
      Object.values(PLACES).map((place) => place(vector)),
    );
    return { family, vectors: vectors.length, safe: count(sources, isSafe) };
  });
}

export interface CorpusCounts {
  readonly what: string;
  readonly source: string;
  readonly words: number;
  readonly whole: Held;
}

export function measureCorpus(): CorpusCounts[] {
  return CORPUS.map((part) => {
    const documents = documentsOf(part);
    return {
      what: part.what,
      source: `${part.package}/${part.folder}`,
      words: documents.reduce((sum, { html }) => sum + wordsOfHtml(html).length, 0),
      whole: count(documents, ({ html }) => faultsOfSource(html).length === 0),
    };
  });
}
