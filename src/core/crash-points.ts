/**
 * Instants at which the chaos tests end the process with SIGKILL: one at each boundary where something
 * becomes durable, or leaves this machine. Listed here and nowhere else; what each proves is what the
 * next start must make of it. See "Crashes" in ARCHITECTURE.md.
 */
import { STEPS } from './lifecycle.ts';

/** Name, and what is durable by then. */
export const CRASH_POINTS = {
  home_locked: "The home's lock is taken, nothing is open.",
  daemon_named: 'The home has a name to hold leases by; nothing is claimed.',
  sweep_noted:
    'The home says until when daily sweeps were seen to; the next one looks back to then.',

  claimed: 'The claim is committed; its answer was not acted on.',
  lease_renewed: 'The lease runs longer; the work goes on as if nothing was.',
  released: 'The lead is given back; nobody was told how its run ended.',

  file_written: 'A file of the run is whole under a temporary name; its old content still stands.',
  file_renamed: 'A file of the run stands under its own name; no event names it yet.',

  append_sending: 'What goes along with an event is on disk; the database was not told.',
  append_sent: 'The append left this machine whole; whether it commits is unknown here.',
  append_committed: 'The append is committed and answered; events.jsonl lacks it.',
  log_written: 'events.jsonl has the events; the work that waits for them does not go on.',
  log_set_aside: 'A damaged events.jsonl was moved out of the way; none is there.',

  send_intended: 'The stream says that a prompt is about to be sent; it was not.',
  prompt_taken: 'The provider took the prompt and gave its id; nothing here knows the id.',
  sent_recorded: 'The id of the answer is in the stream; the answer is still being made.',
  answered: 'The whole answer is in memory; nothing of it is on disk.',
  answer_recovered: "An earlier process's answer was fetched again; nothing of it is on disk.",
  reply_saved: 'Reply and provenance are on disk; no event names them.',
  refusal_recorded: 'The stream has an unusable answer and what is said to have it mended.',
  failure_recorded: 'A failed attempt and the time of the next are in the stream.',
  attempt_logged: "The step's own log has a line more than the stream knows of.",
  account_saved: 'What became of the chat account is in the home; no lead knows.',

  zip_written: 'The zip is whole under a temporary name; it was not read back.',
  zip_checked: 'The zip was read back and compared; it still has its temporary name.',
  zip_renamed: 'The zip stands in its place, cold storage when that is set; no receipt names it.',
  summary_written: 'run_summary.json tells of an end that is not in the stream.',
  folder_hidden: "The run's folder is out of sight, its zip is kept; it is not removed yet.",
  folder_removed: "The run's folder is gone; the run is not finished.",

  notification_put: 'A notification that belongs to no append is in the outbox.',
  notification_taken: 'A notification is marked as being tried; it was not sent.',
  notification_sent: 'The other side took the notification; its end is not recorded.',
  delivery_recorded: 'The delivery is an event of the stream; events.jsonl lacks it.',
} as const satisfies Readonly<Record<string, string>>;
export type CrashPoint = keyof typeof CRASH_POINTS;

/** What the process is about: a step of a lead, or what comes before, after and beside them. */
export const CRASH_PHASES = ['start', 'begin', ...STEPS, 'rest', 'tell'] as const;
export type CrashPhase = (typeof CRASH_PHASES)[number];

export type CrashOrder =
  /** Ends the process when the point is reached in that phase for the nth time, from 1. */
  | {
      readonly do: 'kill';
      readonly point: CrashPoint;
      readonly phase: CrashPhase;
      readonly nth: number;
    }
  /** Appends a line `point:phase:nth` to a file at each point instead. */
  | { readonly do: 'trace'; readonly file: string };

function isPoint(text: string): text is CrashPoint {
  return Object.hasOwn(CRASH_POINTS, text);
}

function isPhase(text: string): text is CrashPhase {
  return CRASH_PHASES.some((phase) => phase === text);
}

/** `append_sent:plan:2`, or `trace:<file>`; null when the text is neither. */
export function parseCrashOrder(text: string): CrashOrder | null {
  if (text.startsWith('trace:')) return { do: 'trace', file: text.slice('trace:'.length) };
  const [point = '', phase = '', nth = '', ...rest] = text.split(':');
  if (!isPoint(point) || !isPhase(phase) || !/^[1-9]\d*$/.test(nth) || rest.length > 0) return null;
  return { do: 'kill', point, phase, nth: Number(nth) };
}

/** What everybody has who is not to crash: nothing happens, and nothing is looked up. */
export const UNARMED = {
  during: (_phase: CrashPhase): void => undefined,
  reached: (_point: CrashPoint, _phase?: CrashPhase): void => undefined,
} as const;
