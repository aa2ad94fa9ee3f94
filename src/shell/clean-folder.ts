/** `planline clean`: page files cleaned in place, the originals kept, every change reported. */
import { z } from 'zod';
import { sha256Hex } from '../core/hash-chain.ts';
import { jsonText } from '../core/json-text.ts';
import type { QualityWarning } from '../core/quality.ts';
import { cleanPage } from '../steps/clean.ts';
import { linksOfPage, lostLinks } from '../steps/quality/lost-links.ts';
import type { Folder } from '../ports.ts';
import { filesOf, type FolderReport } from './folder-work.ts';
import { parsePage } from './perform/pages.ts';

/** `parthtml3.json`, not `parthtml3.clean.json`. */
export const PAGE_FILE = /^[^.]+\.json$/;

const report = jsonText(z.looseObject({ output_sha256: z.string() }));

function reportNameOf(name: string): string {
  return name.replace(/\.json$/, '.clean.json');
}

async function isClean(folder: Folder, name: string, sha256: string): Promise<boolean> {
  const known = await folder.read(reportNameOf(name));
  if (known === null) return false;
  const parsed = report.safeParse(known);
  return parsed.success && parsed.data.output_sha256 === sha256;
}

export async function cleanFolder(
  folder: Folder,
  onWarnings: (name: string, warnings: readonly QualityWarning[]) => void = () => undefined,
): Promise<FolderReport & { readonly changes: number }> {
  const [written, skipped]: [string[], string[]] = [[], []];
  let changes = 0;
  for (const name of await filesOf(folder, PAGE_FILE)) {
    const text = (await folder.read(name)) ?? '';
    if (await isClean(folder, name, sha256Hex(text))) {
      skipped.push(name);
      continue;
    }
    const dirty = parsePage(name, text);
    const cleaned = cleanPage(dirty);
    const output = `${JSON.stringify(cleaned.page, null, 2)}\n`;
    await folder.snapshot(name);
    await folder.write(name, output);
    await folder.write(
      reportNameOf(name),
      `${JSON.stringify({ changes: cleaned.changes, output_sha256: sha256Hex(output) }, null, 2)}\n`,
    );
    changes += cleaned.changes.length;
    written.push(name);
    onWarnings(name, lostLinks(linksOfPage(dirty), cleaned.page));
  }
  return { written, skipped, refused: [], changes };
}
