/** What the chat server knows while it runs. */
import { detailsOf, type Fault, type FaultDetails } from './chat-server-faults.ts';
import type { Generation } from './chat-server-generation.ts';
import { openWitness, type Witness } from './chat-server-log.ts';

/** `before` is what was said before the prompt in the same request. */
export type Answers = (
  prompt: string,
  before: readonly { readonly role: string; readonly text: string }[],
) => string | Promise<string>;

export interface ServerSettings {
  readonly answers: Answers;
  readonly faultOf: (prompt: string) => Fault | null;
  readonly apiKey: string;
  readonly models: readonly string[] | null;
  readonly modelById: boolean;
  readonly unknownParameters: readonly string[];
  readonly logFile: string | undefined;
}

export interface ServerState {
  readonly settings: ServerSettings;
  readonly witness: Witness;
  /** Responses that can be fetched, by id, each with its request's order. */
  readonly responses: Map<string, { readonly generation: Generation; readonly order: number }>;
  readonly delays: { delayMs: number; chunkDelayMs: number };
  /** Answers begin when this has resolved. */
  gate: Promise<void>;
  /** So many of the next fetches of a response fail. */
  failingFetches: number;
  addFaults(next: readonly Fault[]): void;
  /** The fault that this prompt meets; one about background waits for a prompt that asks for it. */
  takeFault(asksBackground: boolean): FaultDetails | null;
  /** Work that goes on after its request; what it throws comes out of `idle`. */
  track(work: Promise<void>): void;
  idle(): Promise<void>;
}

export function createState(
  settings: ServerSettings,
  delays: { delayMs: number; chunkDelayMs: number },
): ServerState {
  const faults: FaultDetails[] = [];
  const running = new Set<Promise<void>>();
  const problems: unknown[] = [];
  return {
    settings,
    witness: openWitness(settings.logFile),
    responses: new Map(),
    delays: { ...delays },
    gate: Promise.resolve(),
    failingFetches: 0,
    addFaults: (next) => void faults.push(...next.map(detailsOf)),
    takeFault(asksBackground) {
      if (faults[0]?.name === 'no_background' && !asksBackground) return null;
      return faults.shift() ?? null;
    },
    track(work) {
      const tracked = work
        .catch((error: unknown) => void problems.push(error))
        .finally(() => running.delete(tracked));
      running.add(tracked);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
      if (problems.length > 0) throw problems[0];
    },
  };
}
