import { createOpenAiDriver } from '../../src/adapters/chat/openai/driver.ts';
import { machineClock } from '../support/chat-clock.ts';
import { startChatServer, type Fault } from '../support/chat-server.ts';
import { recordingLog } from '../support/recording-log.ts';
import { describeChatDriver, type ChatRig, type Trouble } from './chat-driver-suite.ts';

const API_KEY = 'sk-test-0123456789abcdef';

const FAULTS: Readonly<Record<Trouble, Fault>> = {
  'provider failed': 'server_error',
  'connection lost before sending': 'reset_before',
  'connection lost while answering': 'reset_after_created',
  'answer broke off': 'cut',
  'provider fell silent': 'stall',
  'answer empty': 'empty',
  'answer cut at the limit': 'length',
  'model refused': 'refusal',
  'too many requests': 'rate_limit',
  'plan used up': 'quota',
  'not logged in': 'bad_key',
  'prompt too long': 'too_long',
};

function starter(api: 'responses' | 'chat', background: boolean): () => Promise<ChatRig> {
  return async () => {
    const server = await startChatServer({
      apiKey: API_KEY,
      unknownParameters: background ? [] : ['background'],
      // An echo shows what came in and what goes out by the same text.
      answers: (prompt) => prompt,
    });
    const driver = createOpenAiDriver({
      apiKey: API_KEY,
      baseUrl: server.url,
      model: 'test-model',
      api,
      timeoutMs: 20_000,
      idleMs: 400,
      pollMs: 20,
      clock: machineClock,
      log: recordingLog(),
    });
    return {
      driver,
      says: ({ text }) => text,
      sends: ({ sha256 }) =>
        server.requests().filter((r) => r.promptSha256 === sha256 && !r.refused).length,
      before: ({ requestId }) =>
        server
          .requests()
          .find((r) => r.requestId === requestId)
          ?.before.filter(({ role }) => role === 'user')
          .map(({ text }) => text) ?? null,
      trouble: (trouble) => server.fail([FAULTS[trouble]]),
      hold: () => server.hold(),
      forget: () => server.forget(),
      stop: () => server.stop(),
    };
  };
}

const RECOVERS_BY_ID = {
  answered: 'answered',
  lost: 'not_sent',
  neverSent: 'unknown',
  askingAgainIsFree: false,
} as const;

describeChatDriver('openai, Responses API in the foreground', {
  start: starter('responses', false),
  cannotMeet: {},
  survives: [],
  recovers: RECOVERS_BY_ID,
  secrets: [API_KEY],
});

describeChatDriver('openai, Responses API in the background', {
  start: starter('responses', true),
  cannotMeet: {},
  // The server goes on without its client, and the answer is fetched by its id.
  survives: ['connection lost while answering', 'answer broke off', 'provider fell silent'],
  recovers: RECOVERS_BY_ID,
  secrets: [API_KEY],
});

describeChatDriver('openai, Chat Completions', {
  start: starter('chat', true),
  cannotMeet: {},
  survives: [],
  recovers: {
    answered: 'unknown',
    lost: 'unknown',
    neverSent: 'unknown',
    askingAgainIsFree: false,
  },
  secrets: [API_KEY],
});
