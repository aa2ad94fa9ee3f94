/**
 * The file of a run that says where its zip is and what it hashes to. It is written after the zip, so
 * it is no part of it, and its absence from the zip does not keep the run's folder from going.
 */
export const ARCHIVE_RECEIPT = 'archive.json';
