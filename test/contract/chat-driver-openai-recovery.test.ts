/** Background responses: what becomes of an answer when its client breaks off, stops or dies. */
import { afterEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/core/errors.ts';
import { driverFor, serverPool } from '../support/chat-openai.ts';
import { chatErrorFrom, chatRequest, journalOf } from './chat-driver-suite.ts';

const servers = serverPool();
const signal = new AbortController().signal;

afterEach(() => servers.stopAll());

describe('background responses', () => {
  it('are fetched when the stream is garbled', async () => {
    const chat = await servers.start();
    chat.fail(['malformed']);
    const reply = await driverFor(chat.url).ask(chatRequest('Garbled.'), journalOf(), signal);
    expect(reply.text).toBe('You said: Garbled.');
    expect(chat.requests()).toHaveLength(1);
  });

  it('are cancelled when nobody will come back for them', async () => {
    const chat = await servers.start();
    chat.fail(['freeze']);
    const driver = driverFor(chat.url, { timeoutMs: 300, idleMs: 10_000 });
    const journal = journalOf();
    const request = chatRequest('Too slow.');
    await chatErrorFrom(driver.ask(request, journal, signal));
    expect(chat.requests()).toMatchObject([{ cancelled: true, answered: false }]);
    const recovery = await driver.recover(request, await journal.firstSent, signal);
    expect(recovery).toEqual({ kind: 'not_sent' });
  });

  it('are left running by a stop, and found again', async () => {
    const chat = await servers.start();
    const release = chat.hold();
    const stop = new AbortController();
    const journal = journalOf();
    const request = chatRequest('Stopped in the middle.');
    const driver = driverFor(chat.url);
    const asked = chatErrorFrom(driver.ask(request, journal, stop.signal));
    const ref = await journal.firstSent;
    stop.abort();
    await asked;
    release();
    const recovery = await driverFor(chat.url).recover(request, ref, signal);
    expect(chat.requests()).toMatchObject([{ cancelled: false, answered: true }]);
    expect(recovery).toMatchObject({
      kind: 'answered',
      reply: { text: 'You said: Stopped in the middle.' },
    });
    expect(chat.requests()).toHaveLength(1);
  });

  it('that never end are given up and cancelled by recover', async () => {
    const chat = await servers.start();
    chat.fail(['freeze']);
    const request = chatRequest('Frozen.');
    const crash = new Error('killed');
    const journal = journalOf(() => Promise.reject(crash));
    await expect(driverFor(chat.url).ask(request, journal, signal)).rejects.toBe(crash);
    const ref = await journal.firstSent;
    const impatient = driverFor(chat.url, { timeoutMs: 200 });
    expect(await impatient.recover(request, ref, signal)).toEqual({ kind: 'not_sent' });
    expect(chat.requests()).toMatchObject([{ cancelled: true, answered: false }]);
  });

  it.each(['empty', 'length', 'refusal', 'failed'] as const)(
    'that ended with %s may be asked again',
    async (fault) => {
      const chat = await servers.start();
      chat.fail([fault]);
      const request = chatRequest('No good answer.');
      const journal = journalOf();
      await chatErrorFrom(driverFor(chat.url).ask(request, journal, signal));
      const recovery = await driverFor(chat.url).recover(request, await journal.firstSent, signal);
      expect(recovery).toEqual({ kind: 'not_sent' });
    },
  );

  it.each([
    [3, 'answered'],
    [4, 'retryable'],
  ])('with %i failed looks in a row: %s', async (failures, outcome) => {
    const chat = await servers.start();
    const request = chatRequest('The server stumbles.');
    const journal = journalOf();
    const driver = driverFor(chat.url);
    await driver.ask(request, journal, signal);
    chat.failFetches(failures);
    const recovered = driver.recover(request, await journal.firstSent, signal).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof ChatError ? error.code : error),
    );
    expect(await recovered).toBe(outcome);
  });

  it('are not called lost when the server cannot be reached', async () => {
    const chat = await servers.start();
    const request = chatRequest('Answered, then the network went.');
    const journal = journalOf();
    await driverFor(chat.url).ask(request, journal, signal);
    await servers.stop(chat);
    const error = await chatErrorFrom(
      driverFor(chat.url).recover(request, await journal.firstSent, signal),
    );
    expect(error.code).toBe('retryable');
  });

  it('of another kind of ref cannot be told', async () => {
    const chat = await servers.start();
    const ref = { kind: 'browser_conversation', id: 'https://chat.example/c/1' };
    const recovery = await driverFor(chat.url).recover(chatRequest('Elsewhere.'), ref, signal);
    expect(recovery).toEqual({ kind: 'unknown' });
  });
});
