/** One file of a run, as what it is: a page, a document in a frame, JSON, text. */
import { bytesText } from '../../core/bytes-text.ts';
import type { ArtifactRef } from '../../core/events.ts';
import { jsonText } from '../../core/json-text.ts';
import { html, type Html } from '../html.ts';
import { z } from 'zod';
import { kindOf } from './artifact-kind.ts';
import type { FoundArtifact } from './artifacts.ts';
import { frameable } from './framed.ts';
import type { ArtifactAddress, LeadLinks } from './links.ts';
import { breadcrumbs, prettyJson, shortHash } from './text.ts';

const anyJson = jsonText(z.json());

const SOURCE_NAME = {
  disk: 'the run’s folder',
  database: 'the database (pipeline_artifacts)',
  zip: 'the run’s zip',
} as const;

function readable(path: string, text: string): string {
  if (!path.endsWith('.json')) return text;
  const parsed = anyJson.safeParse(text);
  return parsed.success ? prettyJson(parsed.data) : text;
}

function source(path: string, text: string): Html {
  return html`<pre class="text" tabindex="0" aria-label="Text of ${path}">
${readable(path, text)}</pre>`;
}

function content(found: FoundArtifact, address: ArtifactAddress, links: LeadLinks): Html {
  const kind = kindOf(address.path);
  const document = frameable(kind, found.text);
  if (document === null) return source(address.path, found.text);
  if (!document.ok) {
    return html`<p class="notice wait">It cannot be shown as a page: ${document.error.reason}.</p>
      ${source(address.path, found.text)}`;
  }
  const what = kind === 'page' ? 'The page as its learner sees it' : 'The page of the reply';
  return html`<p class="quiet">
      ${what}, in a frame that runs no script and loads nothing from elsewhere: pictures of other
      sites are missing here.
    </p>
    <iframe
      class="framed"
      sandbox
      title="${what}"
      src="${links.frame(address)}"
      referrerpolicy="no-referrer"
    ></iframe>
    <details id="artifact-source">
      <summary>${kind === 'page' ? 'Page JSON' : 'The reply as it came'}</summary>
      ${source(address.path, found.text)}
    </details>`;
}

function versionLinks(
  versions: readonly ArtifactRef[],
  shown: ArtifactRef,
  address: ArtifactAddress,
  links: LeadLinks,
): Html | '' {
  if (versions.length < 2) return '';
  return html`<nav class="runs" aria-label="Versions">
    ${versions.map(({ sha256 }, index) =>
      sha256 === shown.sha256
        ? html`<span class="button" aria-current="true">version ${index + 1}</span>`
        : html`<a class="button" href="${links.artifact({ ...address, sha256 })}"
            >version ${index + 1}</a
          >`,
    )}
  </nav>`;
}

export interface ArtifactView {
  readonly leadId: string;
  readonly address: ArtifactAddress;
  readonly ref: ArtifactRef;
  /** Every version that was recorded at this path, oldest first. */
  readonly versions: readonly ArtifactRef[];
  /** Null when its content is nowhere. */
  readonly found: FoundArtifact | null;
}

export function artifactPage(view: ArtifactView, links: LeadLinks): Html {
  const { leadId, address, ref, versions, found } = view;
  return html`<div class="lead">
    ${breadcrumbs([
      { name: 'Leads', href: '/leads' },
      { name: leadId, href: links.lead() },
      { name: `Run ${address.runId}`, href: `${links.lead({ run: address.runId })}#artifacts` },
      { name: address.path, href: null },
    ])}
    <h1 class="path">${address.path}</h1>
    <p class="quiet">
      ${bytesText(ref.bytes)}, sha256 ${shortHash(ref.sha256)}
      ${found === null ? '' : html`, read from ${SOURCE_NAME[found.source]}`}
    </p>
    ${versionLinks(versions, ref, address, links)}
    ${
      found?.warning === null || found === null
        ? ''
        : html`<p class="notice bad" role="alert">${found.warning}</p>`
    }
    ${
      found === null
        ? html`<p class="notice wait">
            Its content is neither on this disk nor in the database: another machine has it, or it
            was erased.
          </p>`
        : content(found, address, links)
    }
  </div>`;
}
