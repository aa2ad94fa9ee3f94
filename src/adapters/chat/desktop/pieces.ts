/** A long text in pieces that an editor takes as they are, one after the other. */

/** How far back from the longest piece a place within a word is looked for. */
const REACH = 200;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Cut within words where there are any: editors are apt to change blanks and line ends at the edges of
 * a paste. Never within a character. Together the pieces are the text, with \n as its line end.
 */
export function piecesOf(text: string, maxChars: number): string[] {
  let rest = text.replaceAll(/\r\n?/g, '\n');
  const pieces: string[] = [];
  while (rest.length > maxChars) {
    const at = cutAt(rest, maxChars);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

function cutAt(text: string, maxChars: number): number {
  for (let at = maxChars; at > Math.max(1, maxChars - REACH); at -= 1) {
    if (WORD.test(text.charAt(at - 1)) && WORD.test(text.charAt(at))) return at;
  }
  // A text without words: at least no character is torn into its halves.
  const low = text.charCodeAt(maxChars);
  return low >= 0xdc00 && low <= 0xdfff ? maxChars - 1 : maxChars;
}
