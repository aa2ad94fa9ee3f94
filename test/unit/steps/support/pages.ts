/** What the tests of html_to_json share. */
import type { Block, Page } from '../../../../src/core/page.ts';
import { htmlToPage } from '../../../../src/steps/html-to-json.ts';

export function pageOf(html: string, language: string | null = null, pageIndex = 1): Page {
  const result = htmlToPage(html, { pageIndex, language });
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

export function blocksOf(html: string): Block[] {
  return pageOf(html).sections.flatMap((section) => section.blocks);
}

export function paragraph(html: string, text = html): Block {
  return { type: 'paragraph', html, text };
}

export const link = (href: string, text: string): string =>
  `<a href="${href}" rel="noopener noreferrer">${text}</a>`;
