/** A notification as an e-mail: plain text, and the same as HTML. */
import type { SendMailOptions } from 'nodemailer';
import {
  type NotificationText,
  notificationText,
  REPEAT_LINE,
} from '../../../core/notification-text.ts';
import { sha256Hex } from '../../../core/hash-chain.ts';
import type { Delivery } from '../../../ports.ts';
import { addressOf } from '../dashboard-address.ts';
import { emailHtml } from './html.ts';

function plainText(text: NotificationText, lines: readonly string[], url: string | null): string {
  const address = addressOf(text.link, url);
  const items = text.items.map((item) => `- ${item.label} ${item.text}`);
  const facts = text.fields.map(({ name, value }) => `${name}: ${value}`);
  const closing =
    address === null ? text.closing : [...text.closing, `${text.link.label}: ${address}`];
  return [
    text.title,
    '',
    ...lines.flatMap((line) => [line, '']),
    ...(items.length === 0 ? [] : [...items, '']),
    ...closing.flatMap((line) => [line, '']),
    ...facts,
    '',
  ].join('\n');
}

/** The same for every try, so that a mail client shows a repeat once. */
function messageId(deliveryId: string, from: string): string {
  const local = /^[\w.-]{1,64}$/.test(deliveryId) ? deliveryId : sha256Hex(deliveryId).slice(0, 40);
  const domain = /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? 'localhost';
  return `<planline.${local}@${domain.toLowerCase()}>`;
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  /** Of the operator's dashboard; null for mails without links. */
  readonly dashboardUrl: string | null;
}

export function emailMessage(delivery: Delivery, envelope: Envelope): SendMailOptions {
  const { from, to, dashboardUrl } = envelope;
  const text = notificationText(delivery.notification, delivery.names);
  const lines = delivery.maybeRepeated ? [REPEAT_LINE, ...text.lines] : text.lines;
  return {
    from,
    to: [...to],
    subject: `planline: ${text.title}`,
    text: plainText(text, lines, dashboardUrl),
    html: emailHtml(text, lines, dashboardUrl),
    messageId: messageId(delivery.id, from),
    headers: {
      // No out-of-office reply to a machine (RFC 3834; the second one is what Exchange reads).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
