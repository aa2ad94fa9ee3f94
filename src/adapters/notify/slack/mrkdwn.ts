/** Text for Slack: escaped, and within a limit that counts the escaped characters. */
import { escapeText } from '../../../core/escape.ts';

/** As much of the text as fits when it is escaped; no entity and no character is cut in two. */
export function escapedWithin(text: string, maxChars: number): string {
  const whole = escapeText(text);
  if (whole.length <= maxChars) return whole;
  let fitting = '';
  for (const character of text) {
    const next = fitting + escapeText(character);
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
