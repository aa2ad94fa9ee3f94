/** The words of a notification, the same on every channel. */
import { durationText } from './duration-text.ts';
import type { Ending, LeadSummary, Notification } from './notification.ts';
import { createScrubber } from './scrub.ts';

export interface NotificationText {
  /** One line without line breaks: an e-mail's subject, a message's headline. */
  readonly title: string;
  /** Paragraphs of plain text. */
  readonly lines: readonly string[];
  /** Leads, each with what became of it; only in messages about several. */
  readonly items: readonly NotificationItem[];
  /** Paragraphs after the items: what to do, when there is something to do. */
  readonly closing: readonly string[];
  /** Facts by name, each one line. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** The page of the dashboard that shows more. */
  readonly link: DashboardLink;
}

export interface NotificationItem {
  /** The lead, as a person finds it. */
  readonly label: string;
  readonly text: string;
  readonly link: DashboardLink;
}

export interface DashboardLink {
  readonly label: string;
  /** Below the dashboard's address; begins with a slash. */
  readonly path: string;
}

/** For a delivery of which nobody knows whether it arrived before. */
export const REPEAT_LINE =
  'This may be a repeat: planline was stopped before it could note whether the first one arrived.';

const MAX_ID_CHARS = 80;
const MAX_REASON_CHARS = 600;
const MAX_SHORT_REASON_CHARS = 200;
const MAX_NAME_CHARS = 60;
const MAX_ITEMS = 20;

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

export type NamesOfLeads = ReadonlyMap<string, string>;

/** The id first: it is what commands take. */
function labelOf(leadId: string, names: NamesOfLeads): string {
  const name = shortened(names.get(leadId) ?? '', MAX_NAME_CHARS);
  return name === '' ? idText(leadId) : `${idText(leadId)} (${name})`;
}

function leadLink(leadId: string, label = 'Open the lead'): DashboardLink {
  return { label, path: `/leads/${encodeURIComponent(leadId.toWellFormed())}` };
}

const ALL_LEADS: DashboardLink = { label: 'Open the dashboard', path: '/leads' };
const BLOCKED_LEADS: DashboardLink = {
  label: 'Open the blocked leads',
  path: '/leads?status=blocked',
};
const SYSTEM: DashboardLink = { label: 'Open the system page', path: '/system' };

function reasonText(reason: string | null, maxChars = MAX_REASON_CHARS): string {
  const text = shortened(scrubber.text(reason ?? ''), maxChars);
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

type OfKind<K extends Notification['kind']> = Extract<Notification, { kind: K }>;

function finished(event: OfKind<'lead_finished'>, names: NamesOfLeads): NotificationText {
  const label = labelOf(event.leadId, names);
  const pages = counted(event.pages, 'page', 'pages');
  const duration = durationText(event.durationMs);
  return {
    title: `Lead ${label} is finished: ${pages} in ${duration}`,
    lines: [`${pages} went to client_learning_pages. The run's files are kept at the place below.`],
    items: [],
    closing: [],
    fields: [
      { name: 'Lead', value: label },
      { name: 'Run', value: event.runId },
      { name: 'Pages', value: String(event.pages) },
      { name: 'Duration', value: duration },
      { name: 'Files', value: event.directory },
    ],
    link: leadLink(event.leadId),
  };
}

function blocked(event: OfKind<'lead_blocked'>, names: NamesOfLeads): NotificationText {
  const label = labelOf(event.leadId, names);
  const step = event.step ?? 'before the first step';
  return {
    title: `Lead ${label} is blocked${event.step === null ? '' : ` at ${event.step}`}`,
    lines: [`It failed: ${reasonText(event.reason)}`],
    items: [],
    closing: [
      'What to do: mend the cause, then set its status back to flagged, or run: ' +
        flagCommand(event.leadId),
      'It goes on where it stopped; nothing that was answered is asked again.',
    ],
    fields: [
      { name: 'Lead', value: label },
      ...(event.runId === null ? [] : [{ name: 'Run', value: event.runId }]),
      { name: 'Step', value: step },
    ],
    link: leadLink(event.leadId),
  };
}

function needsOperator(event: OfKind<'chat_needs_operator'>): NotificationText {
  return {
    title: 'The chat account needs you',
    lines: [
      `It stopped: ${reasonText(event.reason)}`,
      'Until that is put right no prompt is sent; no lead is blocked and no attempt is spent.',
    ],
    items: [],
    closing: [
      event.untilPerson === true
        ? 'What to do: see to it, then run: planline chat resume'
        : 'What to do: see to it, then check with: planline doctor',
    ],
    fields: [{ name: 'Driver', value: shortened(event.driver, MAX_ID_CHARS) }],
    link: SYSTEM,
  };
}

function heldUp(event: OfKind<'work_held_up'>): NotificationText {
  return {
    title: 'Work is held up',
    lines: [
      `For half an hour and more: ${reasonText(event.reason)}`,
      'Leads wait. None is blocked and no attempt is spent.',
    ],
    items: [],
    closing: [
      'What to do: see to it. Leads then go on by themselves, within an hour at most; ' +
        'one that is under way goes on at once by: planline flag ID',
    ],
    fields: [],
    link: SYSTEM,
  };
}

const FLAG_ALL =
  'What to do: mend the causes, then set the status of each back to flagged, or run: planline flag ID…';

function moreLine(hidden: number): string[] {
  return hidden > 0 ? [`… and ${hidden} more: planline status`] : [];
}

function daily(
  { day, since, summary }: OfKind<'daily_summary'>,
  names: NamesOfLeads,
): NotificationText {
  const { archived, running, flagged, blockedLeads } = summary;
  const stuck = counted(summary.blocked, 'lead is', 'leads are');
  const span = since === undefined ? 'In the last day' : `Since the summary of ${since}`;
  const shown = blockedLeads.slice(0, MAX_ITEMS);
  return {
    title: `${day}: ${archived} finished, ${summary.blocked} blocked`,
    lines: [`${span} ${counted(archived, 'lead was', 'leads were')} finished. ${stuck} blocked.`],
    items: shown.map(({ id, lastError }) => ({
      label: labelOf(id, names),
      text: `is blocked: ${reasonText(lastError, MAX_SHORT_REASON_CHARS)}`,
      link: leadLink(id),
    })),
    closing: [
      ...moreLine(summary.blocked - shown.length),
      ...(summary.blocked === 0 ? [] : [FLAG_ALL]),
    ],
    fields: summaryFields({ archived, blocked: summary.blocked, running, flagged }),
    link: summary.blocked === 0 ? ALL_LEADS : BLOCKED_LEADS,
  };
}

function summaryFields(summary: Omit<LeadSummary, 'blockedLeads'>): NotificationText['fields'] {
  return [
    { name: 'Finished', value: String(summary.archived) },
    { name: 'Blocked', value: String(summary.blocked) },
    { name: 'Under way', value: String(summary.running) },
    { name: 'Waiting', value: String(summary.flagged) },
  ];
}

function endingItem(ending: Ending, names: NamesOfLeads): NotificationItem {
  const [label, link] = [labelOf(ending.leadId, names), leadLink(ending.leadId)];
  if (ending.kind === 'lead_finished') {
    const pages = counted(ending.pages, 'page', 'pages');
    return { label, link, text: `is finished: ${pages} in ${durationText(ending.durationMs)}` };
  }
  const at = ending.step === null ? '' : ` at ${ending.step}`;
  const reason = reasonText(ending.reason, MAX_SHORT_REASON_CHARS);
  return { label, link, text: `is blocked${at}: ${reason}` };
}

/** What needs a person comes first, and is what is shown when not all of it can be. */
function digest({ endings }: OfKind<'digest'>, names: NamesOfLeads): NotificationText {
  const stuck = endings.filter(({ kind }) => kind === 'lead_blocked');
  const done = endings.filter(({ kind }) => kind === 'lead_finished');
  const shown = [...stuck, ...done].slice(0, MAX_ITEMS);
  return {
    title:
      `${counted(endings.length, 'lead', 'leads')} came to rest: ` +
      `${done.length} finished, ${stuck.length} blocked`,
    lines: [],
    items: shown.map((ending) => endingItem(ending, names)),
    closing: [
      ...moreLine(endings.length - shown.length),
      ...(stuck.length === 0 ? [] : [FLAG_ALL]),
    ],
    fields: [
      { name: 'Finished', value: String(done.length) },
      { name: 'Blocked', value: String(stuck.length) },
    ],
    link: stuck.length === 0 ? ALL_LEADS : BLOCKED_LEADS,
  };
}

const TEST: NotificationText = {
  title: 'This is a test of planline',
  lines: [
    'Somebody ran planline doctor --send-test. You are told here when a lead is finished or blocked, ' +
      'and when the chat account needs a person.',
  ],
  items: [],
  closing: ['Nothing has to be done.'],
  fields: [],
  link: ALL_LEADS,
};

/** `names` of clients by lead id stand beside the ids; none is told that is not in it. */
export function notificationText(
  notification: Notification,
  names: NamesOfLeads = new Map(),
): NotificationText {
  switch (notification.kind) {
    case 'lead_finished':
      return finished(notification, names);
    case 'lead_blocked':
      return blocked(notification, names);
    case 'chat_needs_operator':
      return needsOperator(notification);
    case 'work_held_up':
      return heldUp(notification);
    case 'daily_summary':
      return daily(notification, names);
    case 'digest':
      return digest(notification, names);
    case 'test':
      return TEST;
  }
}
