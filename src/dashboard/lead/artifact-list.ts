/** The files of a run, by the folder of their step; a reply's provenance stands beside it. */
import { bytesText } from '../../core/bytes-text.ts';
import type { RecordedRun } from '../../core/recorded.ts';
import { html, type Html } from '../html.ts';
import { byFolder } from './artifact-kind.ts';
import type { LeadLinks } from './links.ts';

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `plan/plan.txt` → `plan/plan.meta.json`. */
const metaOf = (path: string): string => path.replace(/\.[^./]+$/, '.meta.json');

export function artifactList(run: RecordedRun, links: LeadLinks): Html {
  const refs = [...run.newest.values()].filter(({ path }) => !path.endsWith('.meta.json'));
  if (refs.length === 0) return html`<p class="quiet">This run has recorded no file yet.</p>`;
  const href = (path: string): string => links.artifact({ runId: run.runId, path, sha256: null });
  const provenance = (path: string): Html | '' => {
    const meta = metaOf(path);
    if (!run.newest.has(meta)) return '';
    return html`<a class="meta" href="${href(meta)}" aria-label="${nameOf(meta)}">meta</a>`;
  };
  return html`<div class="folders">
    ${byFolder(refs).map(
      ({ folder, files }) =>
        html`<section class="folder" aria-label="${folder}">
          <h3>${folder}</h3>
          <ul>
            ${files.map(
              ({ path, bytes }) =>
                html`<li>
                  <a href="${href(path)}">${nameOf(path)}</a>
                  ${provenance(path)}<span class="size">${bytesText(bytes)}</span>
                </li>`,
            )}
          </ul>
        </section>`,
    )}
  </div>`;
}
