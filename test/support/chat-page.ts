/**
 * A page like ChatGPT's, on a real HTTP server: two generations of markup, an editor with a state of
 * its own, streamed answers, conversations that can be opened again, and every fault by name. It
 * counts the prompts that it took, which tests use as their witness.
 */
import type { PageFault } from '../fixtures/chat-page/faults.ts';
import { route } from '../fixtures/chat-page/routes.ts';
import { listen } from '../fixtures/chat-page/server.ts';
import { createState, type PageSettings } from '../fixtures/chat-page/state.ts';
import type { SendRecord } from '../fixtures/chat-page/witness.ts';
import { rehearse } from './chat-server.ts';
import { isWhole } from './extent.ts';

export type { PageFault } from '../fixtures/chat-page/faults.ts';
export type { SendRecord } from '../fixtures/chat-page/witness.ts';

/** Prompts that the conversation of the last matching prompt held before it. */
export function promptsBefore(
  sends: readonly SendRecord[],
  isIt: (text: string) => boolean,
): string[] {
  const at = sends.findLastIndex(({ text }) => isIt(text));
  const conversation = sends[at]?.conversation;
  return sends
    .slice(0, at)
    .filter((sent) => sent.conversation === conversation)
    .map(({ text }) => text);
}

export type PageGeneration = PageSettings['generation'];

/** Those that a suite takes its cases through: today's page only in a slice. */
export const GENERATIONS: readonly PageGeneration[] = isWhole ? ['g2', 'g3'] : ['g3'];

export interface ChatPageOptions {
  readonly generation: PageGeneration;
  /** What is answered, as markdown; by default what the rehearsal driver would. */
  readonly answers?: (prompt: string) => string;
  /** The language of buttons and messages; English by default. */
  readonly locale?: PageSettings['locale'];
  /** Before the first word; 50 by default. */
  readonly delayMs?: number;
  /** Between pieces of about 300 characters; 5 by default. */
  readonly chunkDelayMs?: number;
  /** From the click on copy to the clipboard; 0 by default, up to 800 on the real page. */
  readonly copyDelayMs?: number;
  /** From /c/WEB:x to /c/<uuid>; 100 by default, up to 2,000 on the real page. */
  readonly urlDelayMs?: number;
  /** A paste of more characters becomes an attachment; 10,000 by default. */
  readonly attachmentOverChars?: number;
  /** A free one by default. */
  readonly port?: number;
  /** Appends each prompt taken and each answer made as a JSON line, fsynced. */
  readonly logFile?: string;
}

export interface ChatPage {
  /** http://127.0.0.1:PORT/ */
  readonly url: string;
  /** Every prompt that the server took, in order. */
  sends(): SendRecord[];
  /** Each of the next prompts, or new chats for faults of loading, meets one of these, in order. */
  fail(next: readonly PageFault[]): void;
  /** What was to fail does not any more. */
  calm(): void;
  /** Answers that begin from now on wait until the returned function is called. */
  hold(): () => void;
  /** The conversations so far are gone. */
  forget(): void;
  setLoggedIn(loggedIn: boolean): void;
  setChallenge(on: boolean): void;
  /** Whether pages that load from now on list the conversations at their side. */
  setSidebar(shown: boolean): void;
  /** So many of the next lists of conversations do not come. */
  failLists(count: number): void;
  stop(): Promise<void>;
}

export async function startChatPage(options: ChatPageOptions): Promise<ChatPage> {
  const server = await listen(options.port ?? 0, (call) => route(state, call));
  const state = createState({
    settings: {
      generation: options.generation,
      locale: options.locale ?? 'en',
      copyDelayMs: options.copyDelayMs ?? 0,
      urlDelayMs: options.urlDelayMs ?? 100,
      attachmentOverChars: options.attachmentOverChars ?? 10_000,
    },
    pace: { delayMs: options.delayMs ?? 50, chunkDelayMs: options.chunkDelayMs ?? 5 },
    answers: options.answers ?? rehearse,
    connections: server,
    logFile: options.logFile,
  });
  return {
    url: server.url(),
    sends: () => state.witness.records(),
    fail: (next) => state.faults.add(next),
    calm: () => state.faults.clear(),
    hold() {
      const opened = Promise.withResolvers<void>();
      state.gate = opened.promise;
      return () => opened.resolve();
    },
    forget: () => state.conversations.clear(),
    setLoggedIn: (loggedIn) => void (state.loggedIn = loggedIn),
    setChallenge: (on) => void (state.challenge = on),
    setSidebar: (shown) => void (state.sidebar = shown),
    failLists: (count) => void (state.failingLists = count),
    async stop() {
      for (const run of state.runs) run.stop();
      await server.close();
      await Promise.all(state.runs.map(({ done }) => done));
      state.witness.close();
    },
  };
}
