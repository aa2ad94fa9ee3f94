/** Single steps on a folder: an output that is there for the same input is left as it is. */
import { z } from 'zod';
import { PlanlineError } from '../core/errors.ts';
import { sha256Hex } from '../core/hash-chain.ts';
import { jsonText } from '../core/json-text.ts';
import type { Result } from '../core/result.ts';
import type { Folder } from '../ports.ts';

/** `part2` before `part10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** What an output was made from. */
export interface Origin {
  readonly input_sha256: string;
  /** Of a template or an option that goes into every output; left out where there is none. */
  readonly settings_sha256?: string;
}

const provenance = jsonText(
  z.looseObject({ input_sha256: z.string(), settings_sha256: z.string().optional() }),
);

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
  /** What goes into every output besides its input: when it changes, each is written anew. */
  readonly settings?: readonly string[];
  /** Written beside the output, besides the hashes. */
  readonly facts?: (name: string) => Readonly<Record<string, unknown>>;
}

export function metaNameOf(name: string): string {
  return `${name.replace(/\.[^./]+$/, '')}.meta.json`;
}

/** Files directly in the folder that match, in numeric order. Throws `usage` when there are none. */
export async function filesOf(folder: Folder, accepts: RegExp): Promise<string[]> {
  // Folders below it, snapshots/ above all, hold what is not to be worked on again.
  const own = (await folder.list('')).filter((path) => !path.includes('/'));
  const names = own.filter((name) => accepts.test(name));
  if (names.length === 0) {
    throw new PlanlineError('usage', `${folder.directory} holds no file that this step takes.`);
  }
  return names.toSorted((a, b) => byNumber.compare(a, b));
}

/** Is there an output of this origin? Whoever edited it since meant it to be as it is. */
export async function isDone(output: Folder, name: string, origin: Origin): Promise<boolean> {
  const [there, meta] = await Promise.all([output.read(name), output.read(metaNameOf(name))]);
  if (there === null || meta === null) return false;
  const known = provenance.safeParse(meta);
  return (
    known.success &&
    known.data.input_sha256 === origin.input_sha256 &&
    known.data.settings_sha256 === origin.settings_sha256
  );
}

/** Writes an output and its provenance; what was there before goes to snapshots/ first. */
export async function keepOutput(
  output: Folder,
  name: string,
  text: string,
  facts: Origin & Readonly<Record<string, unknown>>,
): Promise<void> {
  await output.snapshot(name);
  await output.write(name, text);
  const meta = { ...facts, output_sha256: sha256Hex(text) };
  await output.write(metaNameOf(name), `${JSON.stringify(meta, null, 2)}\n`);
}

/** One output would be written over the other, by each run anew. */
function refuseSameOutput(folder: Folder, names: readonly string[], nameOf: Conversion['nameOf']) {
  const inputOf = new Map<string, string>();
  for (const name of names) {
    const meta = metaNameOf(nameOf(name));
    const other = inputOf.get(meta);
    if (other !== undefined) {
      throw new PlanlineError(
        'usage',
        `${other} and ${name} in ${folder.directory} would both become ${nameOf(name)}; rename one of them.`,
      );
    }
    inputOf.set(meta, name);
  }
}

export async function convertFolder(
  conversion: Conversion,
  onFile: (name: string, outcome: 'written' | 'skipped' | 'refused') => void = () => undefined,
): Promise<FolderReport> {
  const { input, output, accepts, nameOf, convert, goOn, settings, facts } = conversion;
  const fixed =
    settings === undefined ? {} : { settings_sha256: sha256Hex(JSON.stringify(settings)) };
  const [written, skipped]: [string[], string[]] = [[], []];
  const refused: { name: string; reason: string }[] = [];
  const names = await filesOf(input, accepts);
  refuseSameOutput(input, names, nameOf);
  for (const name of names) {
    const text = (await input.read(name)) ?? '';
    const origin: Origin = { input_sha256: sha256Hex(text), ...fixed };
    const target = nameOf(name);
    if (await isDone(output, target, origin)) {
      skipped.push(target);
      onFile(target, 'skipped');
      continue;
    }
    if (goOn?.() === false) break;
    const converted = await convert(text, name);
    if (converted.ok) {
      await keepOutput(output, target, converted.value, { ...facts?.(name), ...origin });
      written.push(target);
      onFile(target, 'written');
    } else {
      refused.push({ name, reason: converted.error.reason });
      onFile(name, 'refused');
    }
  }
  return { written, skipped, refused };
}
