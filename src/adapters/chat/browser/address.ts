/** Addresses of conversations. */
import type { SentRef } from '../../../core/events.ts';

/** Its id is the conversation's address. */
export const CONVERSATION_REF = 'chatgpt_conversation';

/** `/c/<uuid>`, also below a project; `/c/WEB:x` is a name for the first seconds only. */
const CONVERSATION = /^(?:\/g\/[\w-]+)?\/c\/(?!WEB:)[\w-]{8,}$/i;

/** The conversation's own address when this is one at `chatUrl`, else null. */
export function conversationAt(address: string, chatUrl: string): string | null {
  if (!URL.canParse(address, chatUrl)) return null;
  const { origin, pathname } = new URL(address, chatUrl);
  const here = origin === new URL(chatUrl).origin;
  return here && CONVERSATION.test(pathname) ? origin + pathname : null;
}

/** Null for a ref of another driver or another site. */
export function addressOf(ref: SentRef | null | undefined, chatUrl: string): string | null {
  return ref?.kind === CONVERSATION_REF ? conversationAt(ref.id, chatUrl) : null;
}

export function refOf(address: string): SentRef {
  return { kind: CONVERSATION_REF, id: address };
}
