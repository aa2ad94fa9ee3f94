/** Code fences of Markdown: three or more backticks or tildes on a line of their own. */

export interface Fence {
  /** The word after the opening marks, lower case; '' without one. */
  readonly tag: string;
  readonly content: string;
  readonly closed: boolean;
  /** Offsets of the whole fence, its marks included. */
  readonly start: number;
  readonly end: number;
}

interface Opening {
  readonly mark: string;
  readonly tag: string;
  readonly start: number;
  readonly contentStart: number;
}

const OPENING = /^[ \t>]*(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$/;

function closes(line: string, opening: Opening): boolean {
  const trimmed = line.replace(/^[ \t>]*/, '').trimEnd();
  return (
    trimmed.length >= opening.mark.length &&
    trimmed === (opening.mark[0] ?? '').repeat(trimmed.length)
  );
}

/** The fences of a text that lie side by side, in order; one that is never closed runs to the end. */
export function findFences(text: string): Fence[] {
  const fences: Fence[] = [];
  let opening: Opening | null = null;
  let offset = 0;
  for (const line of text.split('\n')) {
    const end = Math.min(offset + line.length + 1, text.length);
    if (opening === null) {
      const [, mark, tag = ''] = OPENING.exec(line) ?? [];
      if (mark !== undefined) {
        opening = { mark, tag: tag.toLowerCase(), start: offset, contentStart: end };
      }
    } else if (closes(line, opening)) {
      const content = text.slice(opening.contentStart, offset);
      fences.push({ tag: opening.tag, content, closed: true, start: opening.start, end });
      opening = null;
    }
    offset += line.length + 1;
  }
  if (opening !== null) {
    const content = text.slice(opening.contentStart);
    fences.push({
      tag: opening.tag,
      content,
      closed: false,
      start: opening.start,
      end: text.length,
    });
  }
  return fences;
}

/**
 * The content of the one fence around a whole text, else the text itself. A fence inside, which would
 * seem to close the outer one, is told from it by the last line.
 */
export function unwrapFence(text: string): string {
  const lines = text.trim().split('\n');
  const [, mark] = OPENING.exec(lines[0] ?? '') ?? [];
  if (mark === undefined || lines.length < 2) return text.trim();
  const opening = { mark, tag: '', start: 0, contentStart: 0 };
  if (!closes(lines.at(-1) ?? '', opening)) return text.trim();
  const inner = lines.slice(1, -1);
  return opensAsOftenAsItCloses(inner) ? inner.join('\n').trim() : text.trim();
}

function opensAsOftenAsItCloses(lines: readonly string[]): boolean {
  return findFences(lines.join('\n')).every((fence) => fence.closed);
}
