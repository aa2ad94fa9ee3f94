/** A notification as an e-mail: plain text, and the same as simple HTML. */
import type { SendMailOptions } from 'nodemailer';
import {
  type NotificationText,
  notificationText,
  REPEAT_LINE,
} from '../../../core/notification-text.ts';
import { sha256Hex } from '../../../core/hash-chain.ts';
import type { Delivery } from '../../../ports.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

function plainText(text: NotificationText, lines: readonly string[]): string {
  const facts = text.fields.map(({ name, value }) => `${name}: ${value}`);
  return [text.title, '', ...lines.flatMap((line) => [line, '']), ...facts, ''].join('\n');
}

/** No colour is set, so that a dark client shows it dark and a light one light. */
function html(text: NotificationText, lines: readonly string[]): string {
  const row = ({ name, value }: NotificationText['fields'][number]): string =>
    '<tr><th scope="row" style="text-align:left;padding:2px 16px 2px 0;font-weight:normal">' +
    `${escaped(name)}</th><td style="padding:2px 0">${escaped(value)}</td></tr>`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(text.title)}</title>`,
    '</head>',
    '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
    `<h1 style="font-size:1.25em">${escaped(text.title)}</h1>`,
    ...lines.map((line) => `<p>${escaped(line)}</p>`),
    `<table style="border-collapse:collapse">${text.fields.map(row).join('')}</table>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The same for every try, so that a mail client shows a repeat once. */
function messageId(deliveryId: string, from: string): string {
  const local = /^[\w.-]{1,64}$/.test(deliveryId) ? deliveryId : sha256Hex(deliveryId).slice(0, 40);
  const domain = /@([a-z0-9.-]+)>?\s*$/i.exec(from)?.[1] ?? 'localhost';
  return `<planline.${local}@${domain.toLowerCase()}>`;
}

export function emailMessage(
  delivery: Delivery,
  from: string,
  to: readonly string[],
): SendMailOptions {
  const text = notificationText(delivery.notification);
  const lines = delivery.maybeRepeated ? [REPEAT_LINE, ...text.lines] : text.lines;
  return {
    from,
    to: [...to],
    subject: `planline: ${text.title}`,
    text: plainText(text, lines),
    html: html(text, lines),
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
