/** The timeline as SVG, and the same as a table for those who read it otherwise. */
import { durationText } from '../../core/duration-text.ts';
import { html, type Html } from '../html.ts';
import type { Times } from '../../core/times.ts';
import { timeScale, type TimeScale } from './timeline-scale.ts';
import type { Span, SpanKind, Timeline, TimelineRow } from './timeline.ts';

const WIDTH = { name: 150, plot: 850, right: 20 };
const ROW = { step: 26, prompt: 18 };
const HEAD = 30;

export const KIND_NAME: Readonly<Record<SpanKind, string>> = {
  step: 'step',
  asking: 'with the model',
  repairing: 'answer being mended',
  retry_wait: 'waiting for the next attempt',
  resting: 'waiting (chat account or daemon)',
  blocked: 'blocked',
};

const END_NAME: Readonly<Record<Span['end'], string>> = {
  done: '',
  refused: 'answer refused',
  failed: 'failed',
  interrupted: 'interrupted',
  open: 'going on',
};

/** Precise below a minute, as most answers take seconds. */
export function spanDuration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : durationText(ms);
}

export function rowName({ step, n }: TimelineRow): string {
  if (step === null) return 'lead';
  return n === null ? step : `prompt ${n}`;
}

function spanTitle(row: TimelineRow, span: Span, times: Times): string {
  const end = END_NAME[span.end];
  const what = row.n === null ? rowName(row) : `${row.step ?? ''} prompt ${row.n}`;
  return [
    `${what}: ${KIND_NAME[span.kind]}${end === '' ? '' : `, ${end}`}`,
    `${times.withZone(span.fromMs)}, ${spanDuration(span.toMs - span.fromMs)}`,
    ...(span.reason === null ? [] : [span.reason]),
  ].join('\n');
}

const END_MARK: Readonly<Record<Span['end'], string>> = {
  done: '',
  refused: '✎',
  failed: '✗',
  interrupted: '',
  open: '…',
};

function spanSvg(scale: TimeScale, span: Span, y: number, title: string): Html {
  const x = WIDTH.name + scale.x(span.fromMs);
  const width = Math.max(3, scale.x(span.toMs) - scale.x(span.fromMs));
  const thin = span.kind === 'step' || span.kind === 'retry_wait';
  const [top, height] = thin ? [y + 7, 4] : [y + 3, 12];
  const mark = END_MARK[span.end];
  return html`<g class="span ${span.kind} ${span.end}"
    ><title>${title}</title
    ><rect
      x="${x}"
      y="${top}"
      width="${width}"
      height="${height}"
      rx="2"
    />${mark === '' ? '' : html`<text x="${x + width + 3}" y="${y + 13}">${mark}</text>`}</g
  >`;
}

function tickText(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${ms / 1_000} s` : durationText(ms);
}

function axisSvg(timeline: Timeline, scale: TimeScale, height: number): Html {
  const ticks = scale.ticksMs.map((ms) => {
    const x = WIDTH.name + scale.x(ms);
    return html`<g class="tick"
      ><line x1="${x}" x2="${x}" y1="${HEAD - 6}" y2="${height}" /><text
        x="${x + 3}"
        y="${HEAD - 12}"
        >${tickText(ms - timeline.fromMs)}</text
      ></g
    >`;
  });
  const breaks = scale.breaks.map((gap) => {
    const [x, end] = [WIDTH.name + scale.x(gap.fromMs), WIDTH.name + scale.x(gap.toMs)];
    const title = `${durationText(gap.toMs - gap.fromMs)} in which nothing happened are left out`;
    return html`<g class="break"
      ><title>${title}</title
      ><rect
        x="${x + 2}"
        y="${HEAD - 6}"
        width="${end - x - 4}"
        height="${height - HEAD + 6}"
      /><text x="${(x + end) / 2}" y="${HEAD - 12}" text-anchor="middle">⫽</text></g
    >`;
  });
  return html`${ticks}${breaks}`;
}

export function timelineSvg(timeline: Timeline, times: Times): Html {
  const scale = timeScale(timeline, WIDTH.plot);
  let y = HEAD;
  const rows = timeline.rows.map((row) => {
    const top = y;
    y += row.n === null ? ROW.step : ROW.prompt;
    const isStep = row.n === null;
    return html`<g class="row ${isStep ? 'of-step' : 'of-prompt'}"
      >${isStep ? html`<line class="rule" x1="0" x2="${WIDTH.name + WIDTH.plot}" y1="${top}" y2="${top}" />` : ''}<text
        class="name"
        x="${isStep ? 4 : 18}"
        y="${top + 15}"
        >${rowName(row)}</text
      >${row.spans.map((span) => spanSvg(scale, span, top, spanTitle(row, span, times)))}</g
    >`;
  });
  const [width, height] = [WIDTH.name + WIDTH.plot + WIDTH.right, y + 6];
  const total = durationText(timeline.toMs - timeline.fromMs);
  return html`<svg
    class="timeline"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Timeline of the run over ${total}; the same as a table below"
  >
    ${axisSvg(timeline, scale, height)}${rows}
  </svg>`;
}

export function timelineLegend(timeline: Timeline): Html {
  const kinds = new Set(timeline.rows.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
  const ends = new Set(timeline.rows.flatMap(({ spans }) => spans.map(({ end }) => end)));
  const marks = (['refused', 'failed'] as const).filter((end) => ends.has(end));
  return html`<ul class="legend">
    ${[...kinds].map((kind) => html`<li><span class="swatch ${kind}" aria-hidden="true"></span>${KIND_NAME[kind]}</li>`)}
    ${marks.map((end) => html`<li>${END_MARK[end]} ${END_NAME[end]}</li>`)}
  </ul>`;
}

export function timelineTable(timeline: Timeline, times: Times): Html {
  const spans = timeline.rows.flatMap((row) => row.spans.map((span) => ({ row, span })));
  return html`<table class="data">
    <thead>
      <tr>
        <th scope="col">Step</th>
        <th scope="col">Prompt</th>
        <th scope="col">What</th>
        <th scope="col">From (${times.zone})</th>
        <th scope="col">Took</th>
        <th scope="col">End</th>
      </tr>
    </thead>
    <tbody>
      ${spans.map(
        ({ row, span }) =>
          html`<tr>
            <th scope="row">${row.step ?? 'lead'}</th>
            <td>${row.n ?? ''}</td>
            <td>${KIND_NAME[span.kind]}</td>
            <td>${times.text(span.fromMs)}</td>
            <td>${spanDuration(span.toMs - span.fromMs)}</td>
            <td>${END_NAME[span.end]}${span.reason === null ? '' : ` ${span.reason}`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
