/**
 * A step of a run as planline does it, for the rivals' workflows: the same prompt to the same chat server
 * by the same driver, then the same files, each durable before the step counts as done.
 */
import { LENIENT } from '../../test/support/lenient-journal.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpenAiDriver } from '../../src/adapters/chat/openai/driver.ts';
import { writeFileWhole } from '../../src/adapters/disk/durable.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { sha256Hex } from '../../src/core/hash-chain.ts';
import type { ChatDriver, Log } from '../../src/ports.ts';
import type { PlannedStep, RunPlan } from './protocol.ts';

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

function driverFor(baseUrl: string): ChatDriver {
  return createOpenAiDriver({
    apiKey: 'test-key',
    baseUrl,
    model: 'gpt-5',
    api: 'responses',
    timeoutMs: 600_000,
    clock: systemClock,
    log: silent,
  });
}

async function ask(driver: ChatDriver, step: PlannedStep, requestId: string): Promise<string> {
  const text = step.prompt ?? '';
  const reply = await driver.ask(
    {
      requestId,
      step: 'stage2',
      n: 1,
      text,
      sha256: sha256Hex(text),
      spent: [],
      follows: null,
    },
    { ...LENIENT, sent: () => Promise.resolve(), phase: () => undefined },
    new AbortController().signal,
  );
  return reply.text;
}

export interface Performer {
  readonly steps: readonly PlannedStep[];
  /** Returns what a workflow would keep of the step: the reply, or the texts of its files. */
  perform(index: number, runId: string, folder: string): Promise<string>;
}

export function performerOf(planFile: string, chatUrl: string): Performer {
  // The suite has written it.
  const { steps } = JSON.parse(readFileSync(planFile, 'utf8')) as RunPlan;
  const driver = driverFor(chatUrl);
  return {
    steps,
    async perform(index, runId, folder) {
      const step = steps[index];
      if (step === undefined) throw new Error(`the plan has no step ${index}`);
      const reply = step.prompt === null ? null : await ask(driver, step, `${runId}-${index}`);
      await Promise.all(
        step.files.map(({ path, encoding, content }) =>
          writeFileWhole(join(folder, runId, path), Buffer.from(content, encoding)),
        ),
      );
      // A zip would not be kept in a database, by planline neither.
      const texts = step.files.filter(({ encoding }) => encoding === 'utf8');
      return reply ?? texts.map(({ content }) => content).join('\n');
    },
  };
}
