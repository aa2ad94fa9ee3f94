/** What the operator would have seen: a picture of our window, beside each failure. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatError, type Evidence, messageOf } from '../../../core/errors.ts';
import type { Session } from './session.ts';

/** The same error with `page.png`, or the error itself when no picture can be had. */
export async function withPicture(session: Session, error: ChatError): Promise<ChatError> {
  const picture = await pictureOf(session);
  if (picture === null) return error;
  const { code, message, untilMs, untilPerson, cause } = error;
  return new ChatError(code, message, { untilMs, untilPerson, cause, evidence: [picture] });
}

/** Null unless our window is in front: another one is nobody's business. */
async function pictureOf({ helper, memory, settings }: Session): Promise<Evidence | null> {
  if (memory.windowId === null) return null;
  const file = join(settings.home, `desktop-${randomUUID()}.png`);
  try {
    const window = await helper.call('frontWindow', {});
    if (window === null || window.windowId !== memory.windowId) return null;
    await mkdir(settings.home, { recursive: true });
    await helper.call('screenshot', { region: window.region, file });
    return { name: 'page.png', content: await readFile(file) };
  } catch (error) {
    // The failure itself is what counts; a picture of it is not worth another.
    settings.log.warn({ reason: messageOf(error) }, 'No picture could be taken of the failure');
    return null;
  } finally {
    await rm(file, { force: true });
  }
}
