/** Two runs of a lead side by side: which files differ, and how one of them does. */
import { attribute, html, type Html } from '../html.ts';
import type { ComparedFile, Comparison } from './compare-runs.ts';
import type { DiffPart, DiffRow, TextDiff } from './diff.ts';
import type { LeadLinks } from './links.ts';
import { breadcrumbs } from './text.ts';

const MARK: Readonly<Record<Comparison, { readonly sign: string; readonly name: string }>> = {
  same: { sign: '=', name: 'the same' },
  changed: { sign: '±', name: 'changed' },
  only_left: { sign: '−', name: 'only in the first' },
  only_right: { sign: '+', name: 'only in the second' },
};

function parts(words: readonly DiffPart[], tag: 'ins' | 'del'): Html {
  const isWhole = words.every(({ isChanged }) => isChanged);
  return html`${words.map(({ text, isChanged }) => {
    if (!isChanged || isWhole) return text;
    return tag === 'ins' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`;
  })}`;
}

function diffRow(row: DiffRow): Html {
  switch (row.kind) {
    case 'gap':
      return html`<tr class="gap">
        <td colspan="4">${row.lines} lines that are the same</td>
      </tr>`;
    case 'same':
      return html`<tr>
        <td class="line">${row.left}</td>
        <td class="line">${row.right}</td>
        <td class="sign"></td>
        <td class="text">${row.text}</td>
      </tr>`;
    case 'removed':
      return html`<tr class="removed">
        <td class="line">${row.left}</td>
        <td class="line"></td>
        <td class="sign" aria-label="removed">−</td>
        <td class="text">${parts(row.parts, 'del')}</td>
      </tr>`;
    case 'added':
      return html`<tr class="added">
        <td class="line"></td>
        <td class="line">${row.right}</td>
        <td class="sign" aria-label="added">+</td>
        <td class="text">${parts(row.parts, 'ins')}</td>
      </tr>`;
  }
}

export function diffTable({ rows, added, removed }: TextDiff, path: string): Html {
  if (added + removed === 0) return html`<p>Both runs have the same text here.</p>`;
  return html`<p>
      <strong class="count-removed">−${removed}</strong> and
      <strong class="count-added">+${added}</strong> lines
    </p>
    <div class="table-scroll" tabindex="0" role="region" aria-label="Differences in ${path}">
      <table class="diff">
        <thead class="hidden">
          <tr>
            <th scope="col">Line in the first</th>
            <th scope="col">Line in the second</th>
            <th scope="col">Change</th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(diffRow)}
        </tbody>
      </table>
    </div>`;
}

export interface DiffView {
  readonly leadId: string;
  readonly runIds: readonly string[];
  readonly left: string;
  readonly right: string;
  readonly files: readonly ComparedFile[];
  /** The file whose texts are compared; null when no file is chosen. */
  readonly path: string | null;
  /** The comparison, or why there is none. */
  readonly diff: Html | '';
}

function runSelect(name: string, label: string, runIds: readonly string[], chosen: string): Html {
  return html`<label
    >${label}
    <select name="${name}">
      ${runIds.map(
        (runId) =>
          html`<option value="${runId}" ${attribute('selected', runId === chosen)}>
            ${runId}
          </option>`,
      )}
    </select>
  </label>`;
}

function fileList({ files, left, right, path }: DiffView, links: LeadLinks): Html {
  const order: readonly Comparison[] = ['changed', 'only_left', 'only_right', 'same'];
  return html`<ul class="compared">
    ${order.flatMap((kind) =>
      files
        .filter((file) => file.comparison === kind)
        .map((file) => {
          const { sign, name } = MARK[kind];
          return html`<li class="${kind}">
            <span class="sign" aria-hidden="true">${sign}</span>
            <a
              href="${links.diff({ left, right, path: file.path })}#difference"
              ${attribute('aria-current', file.path === path ? 'true' : null)}
              >${file.path}</a
            >
            <span class="quiet">${name}</span>
          </li>`;
        }),
    )}
  </ul>`;
}

function comparison(view: DiffView, links: LeadLinks): Html {
  const changed = view.files.filter((file) => file.comparison !== 'same').length;
  return html`<form class="compare" method="get" action="${links.diff()}">
      ${runSelect('left', 'First', view.runIds, view.left)}
      ${runSelect('right', 'Second', view.runIds, view.right)}
      <button type="submit">Compare</button>
    </form>
    <h2>Files</h2>
    <p class="quiet">${changed} of ${view.files.length} differ.</p>
    ${fileList(view, links)}
    ${
      view.path === null
        ? ''
        : html`<section id="difference" aria-labelledby="difference-title">
            <h2 id="difference-title" class="path">${view.path}</h2>
            ${view.diff}
          </section>`
    }`;
}

export function diffPage(view: DiffView, links: LeadLinks): Html {
  return html`<div class="lead">
    ${breadcrumbs([
      { name: 'Leads', href: '/leads' },
      { name: view.leadId, href: links.lead() },
      { name: 'Compare runs', href: null },
    ])}
    <h1>Compare runs</h1>
    ${
      view.runIds.length < 2
        ? html`<p class="quiet">
            This lead has ${view.runIds.length === 0 ? 'no run' : 'one run'} so far; two are needed.
            A changed description, flagged again, starts another.
          </p>`
        : comparison(view, links)
    }
  </div>`;
}
