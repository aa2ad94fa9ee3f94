/** Text for Slack: escaped, and within a limit that counts the escaped characters. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The three characters that Slack reads as markup: a reason must not call the whole channel. */
function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** As much of the text as fits when it is escaped; no entity and no character is cut in two. */
export function escapedWithin(text: string, maxChars: number): string {
  const whole = escaped(text);
  if (whole.length <= maxChars) return whole;
  let fitting = '';
  for (const character of text) {
    const next = fitting + escaped(character);
    if (next.length > maxChars - 1) break;
    fitting = next;
  }
  return `${fitting}…`;
}

/** A link, or the label alone where both do not fit; nothing in the address ends it early. */
export function linkTo(address: string, label: string, maxChars: number): string {
  const safe = address.replace(/[<>|\s]/g, (character) => encodeURIComponent(character));
  const room = maxChars - safe.length - 3;
  return room < 2 ? escapedWithin(label, maxChars) : `<${safe}|${escapedWithin(label, room)}>`;
}
