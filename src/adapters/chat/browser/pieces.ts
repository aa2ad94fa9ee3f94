/** A long text in pieces that an editor takes as text: a long paste becomes an attachment. */

const PLAIN = /^[\p{L}\p{N}]$/u;

/**
 * A place at or before `limit` where a cut changes nothing: between two plain letters or digits, so
 * that no piece begins or ends with a blank, a line end or a part of a character.
 */
function cutBefore(text: string, from: number, limit: number): number {
  for (let at = limit; at > from + 1; at -= 1) {
    if (PLAIN.test(text.charAt(at - 1)) && PLAIN.test(text.charAt(at))) return at;
  }
  // Nothing but signs: then at least not within a surrogate pair or a line end.
  const within = /[\uD800-\uDBFF\r]$/.test(text.slice(0, limit));
  return within ? limit - 1 : limit;
}

/** Each of at most `maxChars` UTF-16 units, 2 at least; joined they are the text. */
export function piecesOf(text: string, maxChars: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > maxChars) {
    const to = cutBefore(text, from, from + maxChars);
    pieces.push(text.slice(from, to));
    from = to;
  }
  pieces.push(text.slice(from));
  return pieces;
}
