/** The `openai` driver and the servers that it talks to, for tests. */
import { createOpenAiDriver, type OpenAiSettings } from '../../src/adapters/chat/openai/driver.ts';
import type { ChatDriver, Clock } from '../../src/ports.ts';
import { machineClock } from './chat-clock.ts';
import { startChatServer, type ChatServer, type ChatServerOptions } from './chat-server.ts';
import { recordingLog } from './recording-log.ts';

export const API_KEY = 'sk-test-0123456789abcdef';
export const NOW_MS = Date.parse('2026-11-23T10:00:00.000Z');

/** Real waiting, but a time that errors can be compared with. */
const fixedNow: Clock = { now: () => NOW_MS, sleep: (ms, stop) => machineClock.sleep(ms, stop) };

export function driverFor(baseUrl: string, settings: Partial<OpenAiSettings> = {}): ChatDriver {
  return createOpenAiDriver({
    apiKey: API_KEY,
    baseUrl,
    model: 'test-model',
    api: 'responses',
    timeoutMs: 20_000,
    idleMs: 2_000,
    pollMs: 10,
    clock: fixedNow,
    log: recordingLog(),
    ...settings,
  });
}

/** Servers that one test starts and its `afterEach` stops. */
export function serverPool() {
  const running: ChatServer[] = [];
  return {
    async start(options: ChatServerOptions = {}): Promise<ChatServer> {
      const started = await startChatServer({
        apiKey: API_KEY,
        answers: (prompt) => `You said: ${prompt}`,
        ...options,
      });
      running.push(started);
      return started;
    },
    async stop(server: ChatServer): Promise<void> {
      running.splice(running.indexOf(server), 1);
      await server.stop();
    },
    async stopAll(): Promise<void> {
      await Promise.all(running.splice(0).map((started) => started.stop()));
    },
  };
}
