import { describe, expect, it } from 'vitest';
import { checkChat } from '../../../src/cli/doctor/chat-check.ts';
import { driverFor } from '../../support/chat-openai.ts';

describe("doctor's look at the chat", () => {
  it('says what to do when it was stopped, and nothing of CHAT_DRIVER, which is right', async () => {
    const driver = driverFor('http://127.0.0.1:9/v1');
    expect(await checkChat(driver, AbortSignal.abort())).toEqual([
      {
        name: 'chat',
        level: 'error',
        detail: 'the check of the openai driver was stopped before it had looked at everything',
        action: 'Check the network and OPENAI_BASE_URL, then run: planline doctor',
      },
    ]);
  });

  it('passes on what goes wrong by itself', async () => {
    const bug = new Error('a bug');
    const driver = { ...driverFor('http://127.0.0.1:9/v1'), check: () => Promise.reject(bug) };
    await expect(checkChat(driver, new AbortController().signal)).rejects.toBe(bug);
  });
});
