/**
 * The HTML of an e-mail, readable in light and dark: styles stand on the elements, as many clients drop
 * a sheet, and set no colour that only one of the two can bear. What the sheet adds is a nicety.
 */
import { escapeAttribute } from '../../../core/escape.ts';
import type { NotificationItem, NotificationText } from '../../../core/notification-text.ts';
import { addressOf } from '../dashboard-address.ts';

/** Mid-tones: grey and blue that stand out from white and from black alike (4.5:1 on both). */
const MUTED = '#757575';
const ACCENT = '#2a70d8';

const SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) { .muted { color: #a3a3a3 !important; } .link { color: #7db1ff !important; } }
`.trim();

const LINE = 'margin:0 0 12px;overflow-wrap:anywhere';

function link(address: string, label: string): string {
  const style = `color:${ACCENT};text-decoration:underline`;
  return `<a class="link" href="${escapeAttribute(address)}" style="${style}">${escapeAttribute(label)}</a>`;
}

function button(address: string, label: string): string {
  const style =
    `display:inline-block;padding:9px 16px;border-radius:6px;border:1px solid ${ACCENT};` +
    `color:${ACCENT};text-decoration:none;font-weight:600`;
  return `<p style="margin:20px 0"><a class="link" href="${escapeAttribute(address)}" style="${style}">${escapeAttribute(label)}</a></p>`;
}

function paragraph(line: string): string {
  return `<p style="${LINE}">${escapeAttribute(line)}</p>`;
}

function itemOf({ label, text, link: to }: NotificationItem, dashboardUrl: string | null): string {
  const address = addressOf(to, dashboardUrl);
  const name = address === null ? `<b>${escapeAttribute(label)}</b>` : link(address, label);
  return `<li style="margin:0 0 8px;overflow-wrap:anywhere">${name} ${escapeAttribute(text)}</li>`;
}

function factRow({ name, value }: NotificationText['fields'][number]): string {
  const cell = 'padding:3px 0;vertical-align:top;text-align:left;font-weight:normal';
  return (
    `<tr><th class="muted" scope="row" style="${cell};padding-right:20px;color:${MUTED};white-space:nowrap">` +
    `${escapeAttribute(name)}</th><td style="${cell};overflow-wrap:anywhere">${escapeAttribute(value)}</td></tr>`
  );
}

/** `lines` instead of the text's own; `dashboardUrl` null: no links. */
export function emailHtml(
  text: NotificationText,
  lines: readonly string[],
  dashboardUrl: string | null,
): string {
  const address = addressOf(text.link, dashboardUrl);
  const items = text.items.map((item) => itemOf(item, dashboardUrl)).join('\n');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeAttribute(text.title)}</title>`,
    `<style>${SHEET}</style>`,
    '</head>',
    '<body style="margin:0;padding:24px 16px">',
    '<div style="font:16px/1.5 system-ui,-apple-system,\'Segoe UI\',sans-serif;max-width:600px;margin:0 auto">',
    `<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px;overflow-wrap:anywhere">${escapeAttribute(text.title)}</h1>`,
    ...lines.map(paragraph),
    ...(items === '' ? [] : [`<ul style="margin:0 0 16px;padding-left:20px">${items}</ul>`]),
    ...text.closing.map(paragraph),
    ...(address === null ? [] : [button(address, text.link.label)]),
    `<table style="border-collapse:collapse;font-size:14px;margin-top:20px">${text.fields.map(factRow).join('')}</table>`,
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
