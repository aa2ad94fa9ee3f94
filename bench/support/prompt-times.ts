/** Where the time of a prompt goes, from the times that its events bear. Pure. */
import { mean, median } from '../report/statistics.ts';
import type { EventTimes } from './leads.ts';

/**
 * Means over the prompts of a stream, in ms, each part following the one before. An event occurs when
 * planline asks for it to be appended; it is recorded within that transaction.
 */
export interface PromptTimes {
  /** Until the intent to send is recorded. */
  readonly intent: number;
  /** Back from there, its line in events.jsonl, and the request until the server names the answer. */
  readonly sending: number;
  /** Until that name is recorded. */
  readonly sent: number;
  /** Back, its line, the answer judged and its two files durable. */
  readonly answer: number;
  /** Until the answer is recorded as saved. */
  readonly saved: number;
  /** Back, its line, the step's log, and what the next prompt needs. */
  readonly next: number;
}

type Part = keyof PromptTimes;

function eachPart(of: (part: Part) => number): PromptTimes {
  return {
    intent: of('intent'),
    sending: of('sending'),
    sent: of('sent'),
    answer: of('answer'),
    saved: of('saved'),
    next: of('next'),
  };
}

/** The parts that end with this event, in ms. */
function partsOf(event: EventTimes, previous: EventTimes | undefined): [Part, number][] {
  const own = event.recordedMs - event.occurredMs;
  const after = previous === undefined ? Number.NaN : event.occurredMs - previous.recordedMs;
  switch (event.type) {
    case 'prompt.staged':
      // The first prompt of a step follows what the step does besides.
      return previous?.type === 'prompt.saved' ? [['next', after]] : [];
    case 'prompt.send_intended':
      return [['intent', own]];
    case 'prompt.sent':
      return [
        ['sending', after],
        ['sent', own],
      ];
    case 'prompt.answered':
      return [['answer', after]];
    case 'prompt.saved':
      return [['saved', own]];
    default:
      return [];
  }
}

/** In the order of the stream; of parallel prompts nothing can be told. */
export function promptTimes(events: readonly EventTimes[]): PromptTimes {
  const parts = events.flatMap((event, index) => partsOf(event, events[index - 1]));
  return eachPart((part) => mean(parts.filter(([name]) => name === part).map(([, ms]) => ms)));
}

/** Of several rounds, part by part. */
export function medianTimes(rounds: readonly PromptTimes[]): PromptTimes {
  return eachPart((part) => median(rounds.map((times) => times[part])));
}

/** From the intent of one prompt to that of the next, in ms. */
export function wholeOf({ intent, sending, sent, answer, saved, next }: PromptTimes): number {
  return intent + sending + sent + answer + saved + next;
}
