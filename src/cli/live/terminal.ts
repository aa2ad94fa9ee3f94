/** The terminal: lines that stay, and on a TTY a region below them that is drawn anew. */
import { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { Progress } from '../../ports.ts';
import { announcement, lineOf, viewAfter, type View } from './view.ts';

const REDRAW_EVERY_MS = 500;

export interface Terminal {
  /** A line that stays. */
  print(text: string): void;
  progress(event: Progress): void;
  /** For the log's readable lines: they land above the live region. */
  readonly lines: Writable;
  close(): void;
}

/** `out` is stdout; `now` is the clock's. */
export function openTerminal(out: NodeJS.WriteStream, now: () => number): Terminal {
  const region = createLogUpdate(out);
  let view: View = new Map();
  let shown = '';

  function draw(): void {
    if (!out.isTTY) return;
    const text = [...view.values()].map((lead) => lineOf(lead, now())).join('\n');
    if (text === '' && shown === '') return;
    region(text);
    shown = text;
  }

  function print(text: string): void {
    if (out.isTTY) region.clear();
    out.write(`${text}\n`);
    shown = '';
    draw();
  }

  /** Without a TTY each step and prompt is a line of its own, as nothing can be drawn anew. */
  function plainLine(event: Progress): void {
    if (out.isTTY || (event.kind !== 'step' && event.kind !== 'prompts')) return;
    const lead = view.get(event.leadId);
    if (lead !== undefined) out.write(`${lineOf(lead, now())}\n`);
  }

  const timer = setInterval(draw, REDRAW_EVERY_MS);
  timer.unref();
  return {
    print,
    progress(event) {
      const text = announcement(event, view.get(event.leadId), now());
      view = viewAfter(view, event, now());
      if (text === null) plainLine(event);
      else print(text);
      draw();
    },
    lines: new Writable({
      decodeStrings: false,
      write(chunk: unknown, _encoding, done) {
        print(String(chunk).trimEnd());
        done();
      },
    }),
    close() {
      clearInterval(timer);
      if (out.isTTY) region.clear();
    },
  };
}
