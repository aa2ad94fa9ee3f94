/**
 * The file of a run that says where its zip is and what it hashes to. It is written after the zip, so
 * it is no part of it, and its absence from the zip does not keep the run's folder from going.
 */
export const ARCHIVE_RECEIPT = 'archive.json';

/** The pages as `planline preview` shows them: made from the run's files, and made again at any time. */
const PREVIEW = 'transformed/preview/';

/** A file of a run's folder that its zip does not keep. */
export function isOutsideZip(path: string): boolean {
  return path === ARCHIVE_RECEIPT || path.startsWith(PREVIEW);
}

export interface ArchiveReceipt {
  /** Absolute, on the machine that made the zip. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
  /** Who made the zip, and so on which machine it is; receipts of earlier versions do not say. */
  readonly daemon?: string;
}

/** The receipt's file. Whoever has the zip can write it again, byte for byte. */
export function receiptText({ path, sha256, bytes, files, daemon }: ArchiveReceipt): string {
  return `${JSON.stringify({ path, sha256, bytes, files, daemon }, null, 2)}\n`;
}
