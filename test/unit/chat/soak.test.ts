/** Whether the soak can fail: drivers that send what they should not, at a page that takes anything. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/core/hash-chain.ts';
import type { PageFaultName } from '../../fixtures/chat-page/faults.ts';
import type { SendRecord } from '../../support/chat-page.ts';
import { soak, type SoakReport } from '../../support/chat-soak.ts';

type Send = (text: string, fault?: PageFaultName | null) => void;

const WHOLE = { capture: 'test', complete: true, ref: null, model: null };

/** Two prompts, each by a driver whose way of sending is `write`, and whose answer is never missing. */
async function soakOf(write: (text: string, send: Send) => void): Promise<SoakReport> {
  const records: SendRecord[] = [];
  const send: Send = (text, fault = null) => {
    records.push({
      order: records.length + 1,
      sha256: sha256Hex(text),
      text,
      conversation: 'c',
      answer: `Answer to ${text}`,
      takenMs: 0,
      answered: true,
      answeredMs: 0,
      fault,
    });
  };
  const nothing = (): void => undefined;
  return await soak({
    page: {
      sends: () => [...records],
      fail: nothing,
      setLoggedIn: nothing,
      setChallenge: nothing,
    },
    driver: {
      async ask({ text }) {
        write(text, send);
        return { ...WHOLE, text: `Answer to ${text}` };
      },
      recover: async () => ({ kind: 'not_sent' }),
    },
    prompts: 2,
    seed: 1,
    faults: [],
    sentAs: ({ text }) => text,
    replyOf: ({ answer }) => answer,
  });
}

describe('the soak', () => {
  it('finds nothing wrong with one send a prompt', async () => {
    const told = await soakOf((text, send) => send(text));
    expect(told).toMatchObject({ sends: 2, statedRetries: 0, wrong: [] });
  });

  it('counts a send after a lost answer as a retry that has its reason', async () => {
    const told = await soakOf((text, send) => {
      send(text, 'error_turn');
      send(text);
    });
    expect(told).toMatchObject({ sends: 4, statedRetries: 2, wrong: [] });
  });

  it.each([
    ['a truncated prompt', (text: string) => text.slice(0, -1)],
    ['a stale draft before the prompt', (text: string) => `a draft ${text}`],
    ['a stale draft', () => 'a draft'],
  ])('finds %s that was sent before the prompt, whatever fault it met', async (_, stray) => {
    for (const fault of [null, 'error_turn'] as const) {
      const { wrong } = await soakOf((text, send) => {
        send(stray(text), fault);
        send(text);
      });
      expect(wrong.filter((one) => one.includes('sent what is not it'))).toHaveLength(2);
    }
  });

  it('finds a prompt that was sent twice', async () => {
    const { wrong } = await soakOf((text, send) => {
      send(text);
      send(text);
    });
    expect(wrong.filter((one) => one.includes('sent again'))).toHaveLength(2);
    expect(wrong.at(-1)).toBe('4 sends for 2 prompts, of which 0 lost their answer');
  });

  it('finds a prompt that is sent after its answer, by the count and by the next prompt', async () => {
    let before = '';
    const { wrong } = await soakOf((text, send) => {
      if (before !== '') send(before);
      before = text;
      send(text);
    });
    expect(wrong).toEqual([
      expect.stringContaining('prompt 2: sent what is not it: Prompt number 1'),
      '3 sends for 2 prompts, of which 0 lost their answer',
    ]);
  });
});
