/** A notification as a Slack message. Source of the limits: Slack's block kit reference. */
import type { IncomingWebhookSendArguments } from '@slack/webhook';
import { notificationText, REPEAT_LINE } from '../../../core/notification-text.ts';
import type { Delivery } from '../../../ports.ts';

const MAX_HEADER_CHARS = 150;
const MAX_SECTION_CHARS = 3_000;

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

/** Lines packed into as few texts as the limit of a section allows. */
function packed(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines.map((one) => escapedWithin(one, MAX_SECTION_CHARS))) {
    const last = texts.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    if (last === undefined || joined.length > MAX_SECTION_CHARS) texts.push(line);
    else texts.splice(-1, 1, joined);
  }
  return texts;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).toWellFormed()}…`;
}

export function slackMessage(delivery: Delivery): IncomingWebhookSendArguments {
  const { title, lines, fields } = notificationText(delivery.notification);
  const repeat = delivery.maybeRepeated ? [REPEAT_LINE] : [];
  const facts = fields.map(({ name, value }) => `${name}: ${value}`).join('  ·  ');
  const context = [facts, ...repeat].map((text) => ({
    type: 'mrkdwn' as const,
    text: escapedWithin(text, MAX_SECTION_CHARS),
  }));
  return {
    // What a phone shows, and what is read aloud.
    text: escapedWithin([title, ...lines, ...repeat].join('\n'), MAX_SECTION_CHARS),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(title, MAX_HEADER_CHARS), emoji: false },
      },
      ...packed(lines).map((text) => ({
        type: 'section' as const,
        text: { type: 'mrkdwn' as const, text },
      })),
      { type: 'context', elements: context },
    ],
  };
}
