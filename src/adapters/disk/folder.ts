/** Files of one folder: paths relative to it, written whole or not at all. */
import { sha256Hex } from '../../core/hash-chain.ts';
import type { Folder } from '../../ports.ts';
import { onDisk } from './disk-error.ts';
import { freePath, readIfThere, writeFileWhole, type Moments } from './durable.ts';
import { createInTurn, type InTurn } from './in-turn.ts';
import { insideRun } from './run-path.ts';
import { walk } from './walk.ts';

export interface FolderOptions {
  /** Absolute. */
  readonly directory: string;
  /** Makes the folder ready for writing. */
  readonly prepare: () => Promise<void>;
  readonly inTurn: InTurn;
  readonly moments?: Moments;
}

export function createFolder({ directory, prepare, inTurn, moments }: FolderOptions): Folder {
  return {
    directory,

    async read(path) {
      const file = insideRun(directory, path);
      return onDisk(
        'Reading',
        file,
        async () => (await readIfThere(file))?.toString('utf8') ?? null,
      );
    },

    async write(path, content) {
      const file = insideRun(directory, path);
      const bytes = Buffer.from(content);
      await onDisk('Writing', file, async () => {
        await prepare();
        await writeFileWhole(file, bytes, moments);
      });
      return { path, sha256: sha256Hex(bytes), bytes: bytes.length };
    },

    async list(folder) {
      const below = folder === '' ? directory : insideRun(directory, folder);
      return onDisk('Listing', below, async () => [...(await walk(directory, below)).files]);
    },

    async snapshot(path) {
      const file = insideRun(directory, path);
      return onDisk('Copying', file, () =>
        inTurn(file, async () => {
          const bytes = await readIfThere(file);
          if (bytes === null) return null;
          await prepare();
          const copy = (n: number): string => `snapshots/${path}${n === 0 ? '' : `.${n}`}`;
          const target = await freePath(directory, copy);
          await writeFileWhole(target, bytes, moments);
          return target.slice(directory.length + 1).replaceAll('\\', '/');
        }),
      );
    },
  };
}

/** A folder that a command was pointed at. */
export function openFolder(directory: string): Folder {
  return createFolder({ directory, prepare: () => Promise.resolve(), inTurn: createInTurn() });
}
