import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { chatDocument } from '../../support/chat-document.ts';

it('docs/chat.md says what the fault tests say (else: node scripts/chat-doc.ts)', () => {
  expect(readFileSync(join(packageRoot, 'docs/chat.md'), 'utf8')).toBe(chatDocument(packageRoot));
});
