/** Single steps on a folder: an output that is there for the same input is left as it is. */
import { z } from 'zod';
import { PlanlineError } from '../core/errors.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import type { Result } from '../core/result.ts';
import type { Folder } from '../ports.ts';

/** `part2` before `part10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

const provenance = z.looseObject({ input_sha256: z.string() });

export interface FolderReport {
  readonly written: readonly string[];
  readonly skipped: readonly string[];
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface Conversion {
  readonly input: Folder;
  readonly output: Folder;
  /** Which files of the input folder. */
  readonly accepts: RegExp;
  /** Name of the output of an input. */
  readonly nameOf: (name: string) => string;
  /** The output's text. Throws nothing expected: a refusal is told and the next file follows. */
  readonly convert: (text: string, name: string) => Promise<Result<string>> | Result<string>;
  /** False ends the work before the next file that is not there yet. */
  readonly goOn?: () => boolean;
  /** Written beside the output, besides the input's hash. */
  readonly facts?: (name: string) => Readonly<Record<string, unknown>>;
}

export function metaNameOf(name: string): string {
  return `${name.replace(/\.[^./]+$/, '')}.meta.json`;
}

/** Files directly in the folder that match, in numeric order. Throws `usage` when there are none. */
export async function filesOf(folder: Folder, accepts: RegExp): Promise<string[]> {
  const names = (await folder.list('')).filter((name) => accepts.test(name));
  if (names.length === 0) {
    throw new PlanlineError('usage', `${folder.directory} holds no file that this step takes.`);
  }
  return names.toSorted((a, b) => byNumber.compare(a, b));
}

async function isDone(output: Folder, name: string, inputSha256: string): Promise<boolean> {
  const [there, meta] = await Promise.all([output.read(name), output.read(metaNameOf(name))]);
  if (there === null || meta === null) return false;
  const known = z
    .preprocess((text) => JSON.parse(String(text)) as unknown, provenance)
    .safeParse(meta);
  return known.success && known.data.input_sha256 === inputSha256;
}

/** Writes an output and its provenance; what was there before goes to snapshots/ first. */
export async function keepOutput(
  output: Folder,
  name: string,
  text: string,
  facts: Readonly<Record<string, unknown>>,
): Promise<void> {
  await output.snapshot(name);
  await output.write(name, text);
  const meta = { ...facts, output_sha256: sha256Hex(text) };
  await output.write(metaNameOf(name), `${JSON.stringify(meta, null, 2)}\n`);
}

export async function convertFolder(
  conversion: Conversion,
  onFile: (name: string, outcome: 'written' | 'skipped' | 'refused') => void = () => undefined,
): Promise<FolderReport> {
  const { input, output, accepts, nameOf, convert, goOn, facts } = conversion;
  const [written, skipped]: [string[], string[]] = [[], []];
  const refused: { name: string; reason: string }[] = [];
  for (const name of await filesOf(input, accepts)) {
    const text = (await input.read(name)) ?? '';
    const inputSha256 = sha256Hex(text);
    const target = nameOf(name);
    if (await isDone(output, target, inputSha256)) {
      skipped.push(target);
      onFile(target, 'skipped');
      continue;
    }
    if (goOn?.() === false) break;
    const converted = await convert(text, name);
    if (converted.ok) {
      await keepOutput(output, target, converted.value, {
        ...facts?.(name),
        input_sha256: inputSha256,
      });
      written.push(target);
      onFile(target, 'written');
    } else {
      refused.push({ name, reason: converted.error.reason });
      onFile(name, 'refused');
    }
  }
  return { written, skipped, refused };
}
