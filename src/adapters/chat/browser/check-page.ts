/** Does the page look as planline knows it? Proved by use where that leaves no trace. */
import { z } from 'zod';
import type { ChatError } from '../../../core/errors.ts';
import type { Finding } from '../../../ports.ts';
import { clearComposer, compose } from './compose.ts';
import {
  describePart,
  type Generation,
  PART_NAMES,
  type PartName,
} from './generations/generation.ts';
import { GENERATIONS } from './generations/index.ts';
import { openChat } from './open.ts';
import { conversationAt } from './address.ts';
import { recentConversations } from './search.ts';
import type { Session } from './session.ts';
import type { Tab } from './tab.ts';

export const NAME = 'ChatGPT (browser)';

const ACTION =
  'Put a prompt through by hand. If that works, the page has changed: update planline, or the selectors ' +
  'in src/adapters/chat/browser/generations, or use another CHAT_DRIVER meanwhile.';
const PROBE = 'planline doctor was here';

const partNames = z.array(z.enum(Object.keys(PART_NAMES) as PartName[])); // the keys of a constant

function missingFinding(
  what: string,
  level: 'warning' | 'error',
  generation: Generation,
  missing: readonly PartName[],
): Finding {
  const parts = missing.map((part) => describePart(generation, part)).join('; ');
  return {
    name: `${NAME}: ${what}`,
    level,
    detail: `generation ${generation.name} (${generation.about}), but without ${parts}`,
    action: ACTION,
  };
}

function ok(what: string, detail: string): Finding {
  return { name: `${NAME}: ${what}`, level: 'ok', detail, action: null };
}

/** A text goes into the composer of a new chat, and out again; nothing is sent. */
async function checkComposer(
  session: Session,
  tab: Tab,
  generation: Generation,
  signal: AbortSignal,
): Promise<Finding> {
  const composing = { session, tab, text: PROBE, signal };
  try {
    await compose(composing);
    const missing = await tab.read('missingOfComposer', undefined, partNames);
    if (missing.length > 0) return missingFinding('composer', 'error', generation, missing);
  } finally {
    await clearComposer(composing);
  }
  const about = `generation ${generation.name} (${generation.about})`;
  return ok('composer', `${about}; a text went in exactly, and out again`);
}

function unlistedFinding(): Finding {
  return {
    name: `${NAME}: conversations`,
    level: 'warning',
    detail:
      'the page does not list its conversations, so a prompt could not be found again after a crash',
    action: 'Open the list at the side of the ChatGPT window.',
  };
}

/** On the newest conversation there is: it may be an odd one, so what is missing is no error. */
async function checkTurns(
  session: Session,
  tab: Tab,
  generation: Generation,
  signal: AbortSignal,
): Promise<Finding> {
  const listed = await recentConversations(session, tab, signal);
  if (listed === null) return unlistedFinding();
  const [newest] = listed;
  const address = newest === undefined ? null : conversationAt(newest, session.chatUrl);
  if (address === null) return ok('turns', 'no conversation is listed yet to look at');
  const opened = await openChat(session, tab, address, signal);
  if (opened.kind === 'missing') return ok('turns', 'the newest conversation is gone');
  const missing = await tab.read('missingOfTurns', undefined, partNames);
  if (missing.length > 0) return missingFinding('turns', 'warning', generation, missing);
  return ok('turns', 'prompt, answer and copy button are where they are looked for');
}

/** Throws ChatError when the page does not let itself be used, TabLost. */
export async function checkPage(
  session: Session,
  tab: Tab,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { generation: name } = await tab.look();
  const generation = GENERATIONS.find((one) => one.name === name);
  if (generation === undefined) {
    const names = GENERATIONS.map((one) => one.name).join(', ');
    const detail = `the page is of no generation that planline knows (${names})`;
    return [{ name: `${NAME}: page`, level: 'error', detail, action: ACTION }];
  }
  return [
    await checkComposer(session, tab, generation, signal),
    await checkTurns(session, tab, generation, signal),
  ];
}

export function failedFinding(what: string, error: ChatError): Finding {
  const resting = error.code === 'rate_limited' || error.code === 'plan_cap';
  const action = {
    retryable: 'Check the network, then run doctor again.',
    rate_limited: 'Wait, then run doctor again.',
    plan_cap: "Wait, or look at the account's plan.",
    needs_operator: error.untilPerson
      ? 'Do what is said here, then run: planline chat resume'
      : 'Do what is said here, then run doctor again.',
    permanent: 'Run doctor again.',
  }[error.code];
  const level = resting ? 'warning' : 'error';
  return { name: `${NAME}: ${what}`, level, detail: error.message, action };
}
