/** What the page showed when something went wrong, for files beside the failure. */
import type { Page } from 'playwright-core';
import { ChatError, type Evidence } from '../../../core/errors.ts';
import { partsOfNames, PRIVATE_PARTS, scrubPage } from './scrub-page.ts';
import type { Session } from './session.ts';

async function pictureOf(page: Page, names: ReadonlySet<string>, limitMs: number) {
  const content = await page.screenshot({
    timeout: limitMs,
    style: `${PRIVATE_PARTS} { visibility: hidden !important }`,
    mask: partsOfNames(names).map((name) => page.getByText(name)),
  });
  return { name: 'page.png', content: new Uint8Array(content) };
}

async function markupOf(page: Page, names: ReadonlySet<string>) {
  return { name: 'page.html', content: scrubPage(await page.content(), names) };
}

/** What can be had within the time; a page that is gone gives nothing. Never throws. */
async function gather(session: Session): Promise<Evidence[]> {
  const { clock, timings, log, accountWords } = session;
  const page = session.presentTab()?.page;
  if (page === undefined || page.isClosed()) return [];
  const had: Evidence[] = [];
  const keep = async (what: string, work: Promise<Evidence>): Promise<void> => {
    try {
      had.push(await work);
    } catch (error) {
      log.debug({ what, error }, 'No evidence could be had of the page');
    }
  };
  const over = new AbortController();
  await Promise.race([
    Promise.all([
      keep('markup', markupOf(page, accountWords)),
      keep('picture', pictureOf(page, accountWords, timings.evidenceMs)),
    ]),
    clock.sleep(timings.evidenceMs, over.signal),
  ]);
  over.abort();
  return [...had];
}

/** The same error with what the page shows now; an error that has its evidence already is left alone. */
export async function withEvidence(session: Session, error: ChatError): Promise<ChatError> {
  if (error.evidence().length > 0) return error;
  const evidence = await gather(session);
  if (evidence.length === 0) return error;
  const { code, message, untilMs, untilPerson, cause } = error;
  return new ChatError(code, message, { untilMs, untilPerson, cause, evidence });
}
