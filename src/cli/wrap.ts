/** Text on lines of at most `width` characters, broken at spaces; a longer word has a line alone. */
export function wrapped(text: string, width: number): string[] {
  // What came from a server steers no terminal.
  const words = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .split(' ');
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines.splice(-1, 1, `${last} ${word}`);
  }
  return lines;
}
