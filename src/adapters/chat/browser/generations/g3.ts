import { LABELS } from '../../page/labels.ts';
import type { Generation } from './generation.ts';

export const G3: Generation = {
  name: 'G3',
  about: 'September 2026 on',
  marks: ['form[data-chatgpt-composer]', '[data-turn-key]'],

  form: 'form[data-chatgpt-composer]',
  // Its label ("Ask ChatGPT") is in the language of the interface; the markup tells enough.
  editor: '[role="textbox"].ProseMirror[data-composer-markdown]',
  send: [{ css: 'button[type="submit"]' }, { css: 'button', labels: LABELS.send }],
  stop: [{ css: 'button[type="button"]', labels: LABELS.stop }],
  removeFile: [{ css: 'button', labels: LABELS.removeFile }],

  turn: '[data-turn-key]',
  turnKey: 'data-turn-key',
  user: '[data-chatgpt-search-unit-key$=":user"]',
  userText: '[data-user-message-bubble]',
  assistant: '[data-chatgpt-search-unit-key$=":assistant"]',
  answer: '[data-markdown-text-style="assistant-message"]',
  thinking: '[data-streaming-response-status]',
  copy: [{ css: '.turn-action-controls button', labels: LABELS.copyResponse }],
  retry: [{ css: 'button', labels: LABELS.retry }],
};
