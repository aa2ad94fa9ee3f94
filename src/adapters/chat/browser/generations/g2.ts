import { LABELS } from '../../page/labels.ts';
import type { Generation } from './generation.ts';

export const G2: Generation = {
  name: 'G2',
  about: 'March to August 2026',
  marks: ['form[data-type="unified-composer"]', '[data-testid^="conversation-turn-"]'],

  form: 'form[data-type="unified-composer"]',
  editor: '#prompt-textarea.ProseMirror[contenteditable="true"]',
  send: [
    { css: '[data-testid="send-button"]' },
    { css: '#composer-submit-button', labels: LABELS.sendPrompt },
  ],
  stop: [
    { css: '[data-testid="stop-button"]' },
    { css: '#composer-submit-button', labels: LABELS.stopStreaming },
  ],
  removeFile: [{ css: 'button', labels: LABELS.removeFile }],

  turn: '[data-testid^="conversation-turn-"]',
  turnKey: 'data-turn-id',
  user: '[data-turn="user"], [data-message-author-role="user"]',
  userText: '[data-message-author-role="user"]',
  assistant: '[data-turn="assistant"], [data-message-author-role="assistant"]',
  answer: '.markdown',
  thinking: '[data-streaming-response-status]',
  copy: [{ css: '[data-testid="copy-turn-action-button"]' }],
  retry: [
    { css: '[data-testid="regenerate-thread-error-button"]' },
    { css: 'button', labels: LABELS.retry },
  ],
};
