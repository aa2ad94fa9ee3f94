/** The words of a notification, the same on every channel. */
import { durationText } from './duration-text.ts';
import type { LeadSummary, Notification } from './notification.ts';
import { createScrubber } from './scrub.ts';

export interface NotificationText {
  /** One line without line breaks: an e-mail's subject, a message's headline. */
  readonly title: string;
  /** Paragraphs of plain text; the last says what to do, when there is something to do. */
  readonly lines: readonly string[];
  /** Facts by name, each one line. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** For a delivery of which nobody knows whether it arrived before. */
export const REPEAT_LINE =
  'This may be a repeat: planline was stopped before it could note whether the first one arrived.';

const MAX_ID_CHARS = 80;
const MAX_REASON_CHARS = 600;
const MAX_BLOCKED_SHOWN = 20;

/** Reasons hold no personal data by contract; what has a pattern is taken out all the same. */
const scrubber = createScrubber([]);

function shortened(text: string, maxChars: number): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed();
  if (line.length <= maxChars) return line;
  // Whole characters only: the last unit may be half of one.
  return `${line.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Ids stay as they are, whatever they look like: the operator must find the row. */
function idText(leadId: string): string {
  return shortened(leadId, MAX_ID_CHARS);
}

function reasonText(reason: string | null): string {
  const text = shortened(scrubber.text(reason ?? ''), MAX_REASON_CHARS);
  return text === '' ? 'no reason was recorded' : text;
}

/** The command with the id as one word of a shell. */
function flagCommand(leadId: string): string {
  if (/^\w[\w-]*$/.test(leadId)) return `planline flag ${leadId}`;
  if (/\p{Cc}/u.test(leadId)) return 'planline flag ID';
  const quoted = `'${leadId.replaceAll("'", String.raw`'\''`)}'`;
  return `planline flag ${leadId.startsWith('-') ? '-- ' : ''}${quoted}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function finished(event: Extract<Notification, { kind: 'lead_finished' }>): NotificationText {
  const id = idText(event.leadId);
  const pages = counted(event.pages, 'page', 'pages');
  const duration = durationText(event.durationMs);
  return {
    title: `Lead ${id} is finished: ${pages} in ${duration}`,
    lines: [`${pages} went to client_learning_pages. The run's files are kept at the place below.`],
    fields: [
      { name: 'Lead', value: id },
      { name: 'Run', value: event.runId },
      { name: 'Pages', value: String(event.pages) },
      { name: 'Duration', value: duration },
      { name: 'Files', value: event.directory },
    ],
  };
}

function blocked(event: Extract<Notification, { kind: 'lead_blocked' }>): NotificationText {
  const id = idText(event.leadId);
  const step = event.step ?? 'before the first step';
  return {
    title: `Lead ${id} is blocked${event.step === null ? '' : ` at ${event.step}`}`,
    lines: [
      `It failed: ${reasonText(event.reason)}`,
      'What to do: mend the cause, then set its status back to flagged, or run: ' +
        flagCommand(event.leadId),
      'It goes on where it stopped; nothing that was answered is asked again.',
    ],
    fields: [
      { name: 'Lead', value: id },
      ...(event.runId === null ? [] : [{ name: 'Run', value: event.runId }]),
      { name: 'Step', value: step },
    ],
  };
}

function needsOperator(
  event: Extract<Notification, { kind: 'chat_needs_operator' }>,
): NotificationText {
  return {
    title: 'The chat account needs you',
    lines: [
      `It stopped: ${reasonText(event.reason)}`,
      'Until that is put right no prompt is sent; no lead is blocked and no attempt is spent.',
      'What to do: see to it, then check with: planline doctor',
    ],
    fields: [{ name: 'Driver', value: shortened(event.driver, MAX_ID_CHARS) }],
  };
}

function blockedLines({ blocked: total, blockedLeads }: LeadSummary): string[] {
  const shown = blockedLeads.slice(0, MAX_BLOCKED_SHOWN);
  const rest = total - shown.length;
  return [
    ...shown.map(({ id, lastError }) => `Blocked: ${idText(id)}: ${reasonText(lastError)}`),
    ...(rest > 0 ? [`… and ${rest} more: planline status`] : []),
  ];
}

function daily({
  day,
  summary,
}: Extract<Notification, { kind: 'daily_summary' }>): NotificationText {
  const { archived, running, flagged } = summary;
  const stuck = counted(summary.blocked, 'lead is', 'leads are');
  return {
    title: `${day}: ${archived} finished, ${summary.blocked} blocked`,
    lines: [
      `In the last day ${counted(archived, 'lead was', 'leads were')} finished. ${stuck} blocked.`,
      ...blockedLines(summary),
      ...(summary.blocked === 0
        ? []
        : ['What to do: mend the causes, then set the status of each back to flagged.']),
    ],
    fields: [
      { name: 'Finished', value: String(archived) },
      { name: 'Blocked', value: String(summary.blocked) },
      { name: 'Under way', value: String(running) },
      { name: 'Waiting', value: String(flagged) },
    ],
  };
}

export function notificationText(notification: Notification): NotificationText {
  switch (notification.kind) {
    case 'lead_finished':
      return finished(notification);
    case 'lead_blocked':
      return blocked(notification);
    case 'chat_needs_operator':
      return needsOperator(notification);
    case 'daily_summary':
      return daily(notification);
  }
}
