/** What the run's pages were warned of, in words, the worst first. */
import {
  bySeverity,
  SEVERITIES,
  wordsOf,
  type QualityWarning,
  type RatedWarning,
  type Severity,
} from '../../core/quality.ts';
import { html, type Html } from '../html.ts';
import { chip } from '../parts/chip.ts';

const CHIP_OF = { high: 'bad', medium: 'wait', low: 'idle' } as const satisfies Readonly<
  Record<Severity, string>
>;

/** `2 high, 1 low`. */
export function warningCounts(warnings: readonly QualityWarning[]): string {
  const rated = bySeverity(warnings);
  return SEVERITIES.map((severity) => ({
    severity,
    count: rated.filter((warning) => warning.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}

function warningRow(warning: RatedWarning): Html {
  return html`<tr>
    <td>${chip(CHIP_OF[warning.severity], warning.severity)}</td>
    <td>${warning.page}</td>
    <td>${wordsOf(warning)}</td>
  </tr>`;
}

/** Nothing where there are none. */
export function warningList(warnings: readonly QualityWarning[]): Html | '' {
  if (warnings.length === 0) return '';
  return html`<details id="page-warnings">
    <summary>Warnings about pages, the worst first</summary>
    <div class="table-scroll" tabindex="0">
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Page</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          ${bySeverity(warnings).map(warningRow)}
        </tbody>
      </table>
    </div>
  </details>`;
}
