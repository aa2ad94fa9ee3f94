/**
 * PGlite's data directory with an fsync that reaches the disk. PGlite comes with fsync switched off,
 * and Emscripten's file system ignores it: what was acknowledged would survive a killed process but
 * not a power loss.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { z } from 'zod';
import { hasCode } from '../disk/process-identity.ts';

/** PGlite's own parameters less -F (no fsync); of the sync methods only fsync gets to the file system. */
export const DURABLE_START_PARAMS: string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  '-c',
  'wal_sync_method=fsync',
];

type Init = NodeFS['init'];

export class DurableFolder extends NodeFS {
  override async init(...[database, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(database, options);
    const preRun = [...(emscriptenOpts.preRun ?? []), addFsync];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

/** The parts of Emscripten's NODEFS that are used; a file's stream carries its descriptor. */
const emscripten = z.object({
  FS: z.object({
    filesystems: z.object({
      NODEFS: z.object({
        stream_ops: z.custom<Record<string, unknown>>((ops) => typeof ops === 'object'),
        realPath: z.custom<(node: unknown) => string>((value) => typeof value === 'function'),
      }),
    }),
  }),
});
const stream = z.object({ nfd: z.number().optional(), node: z.unknown() });

function addFsync(module: unknown): void {
  const { stream_ops, realPath } = emscripten.parse(module).FS.filesystems.NODEFS;
  stream_ops['fsync'] = (opened: unknown): number => {
    const { nfd, node } = stream.parse(opened);
    if (nfd === undefined) syncFolder(realPath(node));
    else fsyncSync(nfd);
    return 0;
  };
}

function syncFolder(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // Windows opens no folders, and needs no such thing.
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'EISDIR')) throw error;
  }
}

/** Brings a whole folder to the disk. */
export async function syncTree(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await syncTree(child);
    else await syncFile(child);
  }
  syncFolder(path);
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
