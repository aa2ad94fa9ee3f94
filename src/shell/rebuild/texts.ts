/** Recorded texts wherever they are still to be had: a run's folder, its zip, the database. */
import { receiptText } from '../../core/archive-receipt.ts';
import { isPlanlineError } from '../../core/errors.ts';
import type { ArtifactRef } from '../../core/events.ts';
import { sha256Hex } from '../../core/hash-chain.ts';
import type { EventStore, LeadFiles, RunFiles } from '../../ports.ts';

export interface RecordedTexts {
  /** As it was recorded, by its sha256; null when this disk does not have it. */
  onDisk(runId: string, ref: ArtifactRef): Promise<string | null>;
  /** From this disk or from the database. */
  anywhere(runId: string, ref: ArtifactRef): Promise<string | null>;
}

async function zippedTexts(files: RunFiles, daemons: readonly string[]): Promise<string[]> {
  try {
    const zip = await files.readZip();
    if (zip === null) return [];
    const texts = [...zip.files.values()].map((bytes) => new TextDecoder().decode(bytes));
    // The receipt is written after the zip and goes with the folder. Whose it is, its sha256 tells.
    const receipt = { ...zip, files: zip.files.size };
    const receipts = daemons.map((daemon) => receiptText({ ...receipt, daemon }));
    return [...texts, receiptText(receipt), ...receipts];
  } catch (error) {
    // A zip that cannot be read helps nobody here; `verify` tells of it.
    if (isPlanlineError(error, 'corrupt')) return [];
    throw error;
  }
}

/** By sha256, not by path: an earlier version of a file may lie under snapshots/. */
async function textsOfRun(
  files: RunFiles,
  daemons: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const text of await zippedTexts(files, daemons)) texts.set(sha256Hex(text), text);
  for (const path of await files.list('')) {
    const text = await files.read(path);
    if (text !== null) texts.set(sha256Hex(text), text);
  }
  return texts;
}

export function recordedTexts(
  leadId: string,
  files: LeadFiles,
  store: Pick<EventStore, 'artifact'>,
  /** Whoever wrote to the lead's stream. */
  daemons: readonly string[],
): RecordedTexts {
  let last: { readonly runId: string; readonly texts: Map<string, string> } | null = null;

  const onDisk: RecordedTexts['onDisk'] = async (runId, ref) => {
    // One run at a time in memory: a lead may have many.
    if (last?.runId !== runId) last = { runId, texts: await textsOfRun(files.run(runId), daemons) };
    return last.texts.get(ref.sha256) ?? null;
  };

  return {
    onDisk,
    async anywhere(runId, ref) {
      const local = await onDisk(runId, ref);
      if (local !== null) return local;
      const remote = await store.artifact(leadId, runId, ref);
      return remote !== null && sha256Hex(remote) === ref.sha256 ? remote : null;
    },
  };
}
