/** Addresses of the pages of one lead. */

type Query = Readonly<Record<string, string | number | null>>;

function withQuery(path: string, query: Query): string {
  const set = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null) set.set(name, String(value));
  }
  return set.size === 0 ? path : `${path}?${set.toString()}`;
}

export interface ArtifactAddress {
  readonly runId: string;
  readonly path: string;
  /** Null for the newest version. */
  readonly sha256: string | null;
}

const artifactQuery = ({ runId, path, sha256 }: ArtifactAddress): Query => ({
  run: runId,
  path,
  sha256,
});

export interface LeadLinks {
  lead(query?: { at?: number | null; run?: string | null; before?: number | null }): string;
  artifact(address: ArtifactAddress): string;
  /** The document alone, for a frame. */
  frame(address: ArtifactAddress): string;
  diff(query?: { left: string; right: string; path: string | null }): string;
}

export function linksOf(leadId: string): LeadLinks {
  const base = `/leads/${encodeURIComponent(leadId)}`;
  return {
    lead: ({ at = null, run = null, before = null } = {}) => withQuery(base, { at, run, before }),
    artifact: (address) => withQuery(`${base}/artifact`, artifactQuery(address)),
    frame: (address) => withQuery(`${base}/frame`, artifactQuery(address)),
    diff: (query) => withQuery(`${base}/diff`, query ?? {}),
  };
}
