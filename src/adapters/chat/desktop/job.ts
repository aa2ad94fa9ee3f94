/** One prompt on its way: what its steps share, and how far it has come. */
import type { SentRef } from '../../../core/events.ts';
import type { ChatJournal, ChatRequest } from '../../../ports.ts';
import type { Watch } from '../openai/watch.ts';
import { CONVERSATION_REF, conversationOf } from './address.ts';
import { type Clipboard, withClipboard } from './clipboard-hold.ts';
import { createDesk, type Desk } from './desk.ts';
import { type Frame, frameOf, framePrompt, withExchange } from './framing.ts';
import type { Session } from './session.ts';

/** What of a prompt's journal is told on its way. */
export type JobJournal = Pick<ChatJournal, 'begin' | 'phase'>;

/** Of work that sends nothing. */
export const UNTOLD: JobJournal = { begin: () => Promise.resolve(), phase: () => undefined };

export interface Job extends JobJournal {
  readonly session: Session;
  readonly request: ChatRequest;
  readonly frame: Frame;
  /** As it goes into the composer. */
  readonly prompt: string;
  /** The conversation that the prompt goes on in; null for one of its own. */
  readonly goesOnIn: string | null;
  readonly watch: Watch;
  readonly desk: Desk;
  /** `maybe` from the moment before Enter until it is seen what it did. */
  sent: 'no' | 'maybe' | 'yes';
  /** How often Enter was pressed. */
  sends: number;
  /** The conversation's address, once it is known. */
  url: string | null;
  /** Somebody else has used the desk since it was last tried to send. */
  disturbed: boolean;
  /** When the stop sign was last seen after the prompt was sent, in epoch ms; null before. */
  stopSignMs: number | null;
  /** It was shown when the screen was last looked at. */
  answering: boolean;
  /** The page let the browser have its keys: it has to be read before more are pressed. */
  suspect: boolean;
  /** Its page was loaded anew because of what it showed: what it still shows is so. */
  reloaded: boolean;
  /** The longest piece of text that is pasted at once. */
  pieceChars: number;
}

/** Longer pastes become attachments, by one report from 5,000 characters on. */
export const PIECE_CHARS = 4_500;

export function createJob(
  session: Session,
  request: ChatRequest,
  watch: Watch,
  { begin, phase }: JobJournal,
): Job {
  const frame = frameOf(request.requestId);
  const goesOnIn = conversationOf(request.follows?.ref, session.settings.chatUrl);
  // What was said before, where it was not said here, has to be said again.
  const text = goesOnIn === null ? withExchange(request.text, request.follows) : request.text;
  return {
    session,
    request,
    frame,
    prompt: framePrompt(text, frame),
    goesOnIn,
    watch,
    desk: createDesk(session, watch),
    begin,
    phase,
    sent: 'no',
    sends: 0,
    url: null,
    disturbed: false,
    stopSignMs: null,
    answering: false,
    suspect: false,
    reloaded: false,
    pieceChars: PIECE_CHARS,
  };
}

export function refOf({ url }: Job): SentRef | null {
  return url === null ? null : { kind: CONVERSATION_REF, id: url };
}

/** With our window in front and the clipboard in our hands, once nobody else is at the desk. */
export async function atTheDesk<T>(
  job: Job,
  work: (clipboard: Clipboard) => Promise<T>,
): Promise<T> {
  const { desk, session } = job;
  // Before the helper: nut-js does not survive a screen that is not there.
  await desk.findWindow();
  if (!(await desk.isAsWeLeftIt())) {
    job.disturbed = true;
    await desk.waitForQuiet();
  }
  await desk.comeForward();
  return await withClipboard(session, desk, work);
}
