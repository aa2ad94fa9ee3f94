/** Where the lead stands, at a moment: the chart, the run's progress, what is wrong. */
import type { LeadState } from '../../../machines/fold.ts';
import { durationText } from '../../core/duration-text.ts';
import { elapsedMs, msOf } from '../../core/instant.ts';
import { promptsDone, type RunState } from '../../core/lead-state.ts';
import { promptsTotal } from '../../core/lifecycle.ts';
import type { Times } from '../../core/times.ts';
import { attribute, html, type Html } from '../html.ts';
import { instant } from '../parts/time.ts';
import { pathOf, type ChartPath } from './chart-path.ts';
import { chartSvg, wayText } from './chart-svg.ts';
import type { LeadLinks } from './links.ts';
import { ofLastRun, type Replay } from './replay.ts';
import { prettyJson } from './text.ts';
import { warningCounts, warningList } from './warnings.ts';

interface Fact {
  readonly name: string;
  readonly value: Html | string | number;
}

function runFacts(run: RunState, nowMs: number, times: Times): Fact[] {
  const [done, total] = [promptsDone(run), promptsTotal(run.blockCount)];
  const endMs = run.finishedAt === null ? nowMs : msOf(run.finishedAt);
  const took = durationText(elapsedMs(msOf(run.startedAt), endMs));
  return [
    {
      name: 'Prompts',
      value: html`${done} of ${total}<progress
          ${attribute('class', run.finishedAt === null ? null : 'done')}
          max="${total}"
          value="${done}"
          aria-label="Prompts answered"
        ></progress>`,
    },
    { name: 'Run', value: html`<code>${run.runId}</code>` },
    { name: 'Started', value: instant(run.startedAt, times) },
    ...(run.finishedAt === null
      ? [{ name: 'Running for', value: took }]
      : [
          { name: 'Finished', value: instant(run.finishedAt, times) },
          { name: 'Took', value: took },
        ]),
    { name: 'Chat driver', value: run.driver },
    { name: 'Failed attempts', value: run.retries },
    ...(run.warnings.length === 0
      ? []
      : [{ name: 'Warnings about pages', value: warningCounts(run.warnings) }]),
  ];
}

function trouble({ run, at }: LeadState, times: Times): Html | '' {
  if (run === null) return '';
  const { blocked } = run;
  if (blocked !== null && at === 'blocked') {
    return html`<p class="notice bad">
      <span>
        <strong>Blocked${blocked.step === null ? '' : ` at ${blocked.step}`}.</strong>
        ${blocked.reason}
      </span>
    </p>`;
  }
  return html`${[...run.failures.values()].map(
    ({ step, n, count, reason, retryAt }) =>
      html`<p class="notice wait">
        <span>
          <strong>${step}${n === null ? '' : ` prompt ${n}`}: attempt ${count} failed.</strong>
          ${reason} ${retryAt === null ? '' : html`Next attempt from ${instant(retryAt, times)}.`}
        </span>
      </p>`,
  )}`;
}

function wayAsText(path: ChartPath): Html {
  return html`<p class="quiet way">The way of this run: ${wayText(path)}.</p>`;
}

/** `nowMs`: until when a run that is under way has been running. */
export function standing(replay: Replay, nowMs: number, links: LeadLinks, times: Times): Html {
  const { state, moments, fault } = replay;
  const path = pathOf(state.at, ofLastRun(moments));
  const facts = [
    { name: 'State', value: html`<strong>${state.at}</strong>` },
    ...(state.run === null ? [] : runFacts(state.run, nowMs, times)),
  ];
  return html`${
      fault === null
        ? ''
        : html`<p class="notice bad" role="alert">
            <span> The stream is shown up to event ${state.seq} only. ${fault} </span>
          </p>`
    }
    ${trouble(state, times)}
    <dl class="facts">
      ${facts.map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${warningList(state.run?.warnings ?? [])}
    <div class="statechart-scroll" tabindex="0" role="region" aria-label="Statechart">
      ${chartSvg(path, (seq) => links.lead({ at: seq }))}
    </div>
    ${wayAsText(path)}
    <details id="state-json">
      <summary>Folded state as JSON, after event ${state.seq}</summary>
      <pre class="text" tabindex="0">${prettyJson(state)}</pre>
    </details>`;
}
