/** Inline text with the marks of every character, so that it can be cut, joined and marked up. */
import { childrenOf, parseFragment } from '../html/dom.ts';
import { flatten } from '../html/flat.ts';
import { collapse, inlineOf } from '../html/inline.ts';
import type { Inline, Mark, Run } from '../html/inline.ts';

export interface Rich {
  /** A line break is `\n`. */
  readonly text: string;
  /** Marks of each UTF-16 unit of the text. */
  readonly marks: readonly (readonly Mark[])[];
}

export function richOf(html: string): Rich {
  // The parser moves each node of a fragment's top level, the slower the more there are: one is quick.
  const root = parseFragment(`<x-inline>${html}</x-inline>`).root().get(0);
  const runs = (root === undefined ? [] : childrenOf(root)).flatMap((node) => flatten(node, []));
  const parts = runs.map((run): { text: string; marks: readonly Mark[] } => {
    if (run.kind === 'text') return { text: collapse(run.text), marks: run.marks };
    return run.kind === 'break' ? { text: '\n', marks: run.marks } : { text: '', marks: [] };
  });
  return {
    text: parts.map((part) => part.text).join(''),
    marks: parts.flatMap((part) => Array.from({ length: part.text.length }, () => part.marks)),
  };
}

export function slice(rich: Rich, start: number, end = rich.text.length): Rich {
  return { text: rich.text.slice(start, end), marks: rich.marks.slice(start, end) };
}

/** Without what the pattern finds at the beginning. */
export function withoutPrefix(rich: Rich, pattern: RegExp): Rich {
  return slice(rich, pattern.exec(rich.text)?.[0].length ?? 0);
}

export function concat(parts: readonly Rich[]): Rich {
  return {
    text: parts.map((part) => part.text).join(''),
    marks: parts.flatMap((part) => part.marks),
  };
}

/** The same text with one mark more, put on just inside the `depth` outer ones. */
export function addMark(rich: Rich, mark: Mark, depth: number): Rich {
  return {
    text: rich.text,
    marks: rich.marks.map((marks) =>
      marks.some((present) => present.tag === mark.tag)
        ? marks
        : [...marks.slice(0, depth), mark, ...marks.slice(depth)],
    ),
  };
}

/** A text with the marks of the first character of another. */
export function textLike(text: string, like: Rich): Rich {
  const marks = like.marks[0] ?? [];
  return { text, marks: Array.from({ length: text.length }, () => marks) };
}

export function linesOf(rich: Rich): Rich[] {
  const lines: Rich[] = [];
  let start = 0;
  for (let end = rich.text.indexOf('\n'); end !== -1; end = rich.text.indexOf('\n', start)) {
    lines.push(slice(rich, start, end));
    start = end + 1;
  }
  return [...lines, slice(rich, start)];
}

export function joinLines(lines: readonly Rich[]): Rich {
  return concat(
    lines.flatMap((line, index) => (index === 0 ? [line] : [{ text: '\n', marks: [[]] }, line])),
  );
}

/** Without white space around; the inline form would drop it as well. */
export function trim(rich: Rich): Rich {
  const start = rich.text.length - rich.text.trimStart().length;
  return slice(rich, start, Math.max(start, rich.text.trimEnd().length));
}

export function inlineOfRich(rich: Rich): Inline {
  const runs: Run[] = [];
  let start = 0;
  const end = rich.text.length;
  for (let at = 1; at <= end; at += 1) {
    const marks = rich.marks[start] ?? [];
    const ends =
      at === end || rich.marks[at] !== marks || rich.text[at] === '\n' || rich.text[start] === '\n';
    if (!ends) continue;
    const text = rich.text.slice(start, at);
    runs.push(text === '\n' ? { kind: 'break', marks } : { kind: 'text', text, marks });
    start = at;
  }
  return inlineOf(runs);
}
