/** What a file of a run is, by its place in the run: decides how it is shown. */
export type ArtifactKind =
  /** Page JSON, shown as its learner sees it. */
  | 'page'
  /** A reply that holds an HTML page. */
  | 'html'
  | 'json'
  | 'text';

export function kindOf(path: string): ArtifactKind {
  if (/^(snapshots\/)?transformed\/parthtml\d+\.json$/.test(path)) return 'page';
  if (/^stage_3_generated_html\/parthtml\d+\.txt$/.test(path)) return 'html';
  return path.endsWith('.json') ? 'json' : 'text';
}

/** Files by the folder that they stand in, each in the order of its numbers: `part2` before `part10`. */
export function byFolder<T extends { readonly path: string }>(
  artifacts: readonly T[],
): readonly { readonly folder: string; readonly files: readonly T[] }[] {
  const folders = new Map<string, T[]>();
  for (const artifact of artifacts) {
    const cut = artifact.path.lastIndexOf('/');
    const folder = cut < 0 ? '' : artifact.path.slice(0, cut);
    folders.set(folder, [...(folders.get(folder) ?? []), artifact]);
  }
  return [...folders].map(([folder, files]) => ({
    folder,
    files: files.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true })),
  }));
}
