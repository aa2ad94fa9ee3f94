/**
 * Writes docs/chat.md: what goes wrong at the chat page, how it is noticed and what is done, from the
 * names of the tests that prove it. `node scripts/chat-doc.ts`; a test holds the file to the tests.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatDocument } from '../test/support/chat-document.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs', 'chat.md'), chatDocument(root));
