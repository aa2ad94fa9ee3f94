/** Finds where a template's own words end and filled-in text begins. */

/** A stretch of a prompt between two lines that belong together. */
export interface Frame {
  /** What the lines say, in lower case: `profile` for `<profile>` and `</profile>`. */
  readonly name: string;
  readonly text: string;
  /** Offsets of the stretch with its lines. */
  readonly start: number;
  readonly end: number;
}

const RULE = '[=\\-#*~]{2,}';
const NAME = '(\\p{L}[\\p{L}\\p{N}_ -]{2,30}?)';

/** `<profile>`, `<<<profile`, `=== PROFILE ===`, `--- begin profile ---` */
const OPENING = new RegExp(
  `^[ \\t]*(?:<<?<?|${RULE})[ \\t]*(?:BEGIN|START)?[ \\t]*${NAME}[ \\t]*(?:>?>?>|${RULE})?[ \\t]*$`,
  'gimu',
);

/** `</profile>`, `=== END PROFILE ===`, `--- end of profile ---`, `profile>>>` */
const CLOSING = [
  new RegExp(`^[ \\t]*</${NAME}>[ \\t]*$`, 'gimu'),
  new RegExp(
    `^[ \\t]*${RULE}[ \\t]*(?:END|/)(?: OF)?[ \\t]*${NAME}[ \\t]*(?:${RULE})?[ \\t]*$`,
    'gimu',
  ),
  new RegExp(`^[ \\t]*(?:END[ \\t]+)?${NAME}[ \\t]*>>>?[ \\t]*$`, 'gimu'),
];

interface Line {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function linesLike(prompt: string, pattern: RegExp): Line[] {
  return [...prompt.matchAll(pattern)].map((match) => ({
    name: (match[1] ?? '').toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * The outermost frames, in order. Foreign text cannot close one: the filling of templates sees to it.
 * So each frame ends at the first line that closes it.
 */
export function findFrames(prompt: string): Frame[] {
  const closings = Map.groupBy(
    CLOSING.flatMap((pattern) => linesLike(prompt, pattern)).toSorted((a, b) => a.start - b.start),
    ({ name }) => name,
  );
  const frames: Frame[] = [];
  let from = 0;
  for (const opening of linesLike(prompt, OPENING)) {
    // A template shows the blok tags that it asks for; nothing is filled in between those.
    if (opening.start < from || opening.name.startsWith('blok-')) continue;
    const closing = closings.get(opening.name)?.find(({ start }) => start >= opening.end);
    if (closing === undefined) continue;
    from = closing.end;
    const text = prompt.slice(opening.end, closing.start).replace(/^\r?\n|\r?\n$/g, '');
    frames.push({ name: opening.name, text, start: opening.start, end: closing.end });
  }
  return frames;
}

/** The prompt without what stands in its frames: the template's own words. */
export function instructionsOf(prompt: string, frames: readonly Frame[]): string {
  let kept = '';
  let from = 0;
  for (const { start, end } of frames) {
    kept += prompt.slice(from, start);
    from = end;
  }
  return kept + prompt.slice(from);
}
