/** What the tests of clean share. */
import { expect } from 'vitest';
import type { Block, Section } from '../../../../src/core/page.ts';
import { cleanPage } from '../../../../src/steps/clean.ts';
import type { Change } from '../../../../src/steps/clean.ts';
import { pageOf } from './pages.ts';

/** The cleaned page of an HTML source; cleaning it again must change nothing. */
export function clean(html: string): { sections: Section[]; blocks: Block[]; changes: Change[] } {
  const { page, changes } = cleanPage(pageOf(html));
  expect(cleanPage(page)).toEqual({ page, changes: [] });
  return {
    sections: page.sections,
    blocks: page.sections.flatMap((section) => section.blocks),
    changes,
  };
}
