/** How the chat model behaves while a lead is being worked on. */
import { kindOf, rehearse, type Fault } from '../chat-server.ts';

export interface Mood {
  answer(prompt: string, before: readonly { readonly text: string }[]): string;
  fault(prompt: string): Fault | null;
}

/** What a repair mends was said before it. */
function goodAnswer(prompt: string, before: readonly { readonly text: string }[]): string {
  return rehearse(before[0]?.text ?? prompt);
}

/** True the first time each prompt comes: those of one step, or all when it is null. */
function firstTime(only: string | null): (prompt: string) => boolean {
  const seen = new Set<string>();
  return (prompt) => {
    const step = kindOf(prompt);
    if (step === null || seen.has(prompt) || step !== (only ?? step)) return false;
    seen.add(prompt);
    return true;
  };
}

export function calm(): Mood {
  return { answer: goodAnswer, fault: () => null };
}

/** The first answer to each prompt cannot be used; it is mended when that is said. */
export function sloppy(only: string | null): Mood {
  const isFirst = firstTime(only);
  return {
    answer: (prompt, before) =>
      before.length === 0 && isFirst(prompt) ? 'I am glad to help.' : goodAnswer(prompt, before),
    fault: () => null,
  };
}

/** Each prompt meets this fault the first time it comes. */
export function faulty(fault: Fault, only: string | null): Mood {
  const isFirst = firstTime(only);
  return { answer: goodAnswer, fault: (prompt) => (isFirst(prompt) ? fault : null) };
}

/** Only the very first prompt meets this fault. */
export function faultyOnce(fault: Fault): Mood {
  let met = false;
  return {
    answer: goodAnswer,
    fault() {
      if (met) return null;
      met = true;
      return fault;
    },
  };
}
