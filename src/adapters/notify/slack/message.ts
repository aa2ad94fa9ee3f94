/** A notification as a Slack message. Source of the limits: Slack's block kit reference. */
import type { IncomingWebhookSendArguments } from '@slack/webhook';
import {
  type NotificationItem,
  type NotificationText,
  notificationText,
  REPEAT_LINE,
} from '../../../core/notification-text.ts';
import type { Delivery } from '../../../ports.ts';
import { addressOf } from '../dashboard-address.ts';
import { escapedWithin, linkTo } from './mrkdwn.ts';

const MAX_HEADER_CHARS = 150;
const MAX_SECTION_CHARS = 3_000;
/** Of all sections together. Slack cuts or refuses longer messages; header and context come on top. */
const MAX_BODY_CHARS = 9_000;
/** Slack takes 50 blocks; header, context and what leads to the dashboard are three of them. */
const MAX_SECTIONS = 40;
const MAX_ITEM_CHARS = 600;
const LEFT_OUT = 'The rest does not fit here: planline status';

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** What looks like an address, a channel or a person stays text. */
  readonly verbatim: true;
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).toWellFormed()}…`;
}

function itemLine({ label, text, link }: NotificationItem, dashboardUrl: string | null): string {
  const address = addressOf(link, dashboardUrl);
  const name =
    address === null
      ? escapedWithin(label, MAX_ITEM_CHARS)
      : linkTo(address, label, MAX_ITEM_CHARS);
  return `• ${name} ${escapedWithin(text, MAX_ITEM_CHARS)}`;
}

/** Escaped lines packed into as few texts as the limit of a section allows. */
function packed(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    if (last === undefined || joined.length > MAX_SECTION_CHARS) texts.push(line);
    else texts.splice(-1, 1, joined);
  }
  return texts;
}

/** As many as fit into `room` characters, and a line that says when some did not. */
function fitting(lines: readonly string[], room: number): string[] {
  const kept: string[] = [];
  let left = room - LEFT_OUT.length;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) return [...kept, LEFT_OUT];
    kept.push(line);
  }
  return kept;
}

/** What to do is never what is left out: the items give way. */
function sectionsOf(text: NotificationText, dashboardUrl: string | null): string[] {
  const whole = (line: string): string => escapedWithin(line, MAX_SECTION_CHARS);
  const [lines, closing] = [text.lines.map(whole), text.closing.map(whole)];
  const used = [...lines, ...closing].reduce((sum, line) => sum + line.length + 1, 0);
  const items = text.items.map((item) => itemLine(item, dashboardUrl));
  const middle = fitting(items, Math.max(MAX_BODY_CHARS - used, LEFT_OUT.length));
  return [...packed(lines), ...packed(middle), ...packed(closing)].slice(0, MAX_SECTIONS);
}

function contextOf({ fields }: NotificationText, maybeRepeated: boolean): Mrkdwn[] {
  const facts = fields.map(({ name, value }) => `${name}: ${value}`).join('  ·  ');
  return [...(facts === '' ? [] : [facts]), ...(maybeRepeated ? [REPEAT_LINE] : [])].map((line) =>
    mrkdwn(escapedWithin(line, MAX_SECTION_CHARS / 2)),
  );
}

/** `dashboardUrl` null: no links. */
export function slackMessage(
  { notification, names, maybeRepeated }: Delivery,
  dashboardUrl: string | null,
): IncomingWebhookSendArguments {
  const text = notificationText(notification, names);
  const address = addressOf(text.link, dashboardUrl);
  const sections = sectionsOf(text, dashboardUrl);
  if (address !== null) sections.push(linkTo(address, text.link.label, MAX_SECTION_CHARS));
  const spoken = [
    text.title,
    ...text.lines,
    ...text.items.map((item) => `${item.label} ${item.text}`),
  ];
  const repeat = maybeRepeated ? [REPEAT_LINE] : [];
  const context = contextOf(text, maybeRepeated);
  return {
    // What a phone shows, and what is read aloud.
    text: escapedWithin([...spoken, ...text.closing, ...repeat].join('\n'), MAX_SECTION_CHARS),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(text.title, MAX_HEADER_CHARS), emoji: false },
      },
      ...sections.map((section) => ({ type: 'section' as const, text: mrkdwn(section) })),
      ...(context.length === 0 ? [] : [{ type: 'context' as const, elements: context }]),
    ],
  };
}
