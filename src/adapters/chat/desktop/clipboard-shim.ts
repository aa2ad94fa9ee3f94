/**
 * clipboardy runs a program named `xsel`. Text that xsel owns freezes Chromium on paste once it is
 * longer than 4,000 bytes, about one time in three; text that xclip owns never did. So on X11 a
 * folder with an `xsel` of ours, which runs xclip, comes first in the helper's PATH.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * xclip stays behind to serve the text: it must not keep the streams that clipboardy waits for. A
 * read of a clipboard that nobody owns is an empty text, not an error. `timeout` ends a read whose
 * owner never answers.
 */
const SCRIPT = `#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    --output|-o) timeout 10 xclip -selection clipboard -o 2>/dev/null; exit 0 ;;
  esac
done
exec xclip -selection clipboard -i >/dev/null 2>&1
`;

/** Returns the PATH for the process that uses clipboardy. */
export async function installClipboardShim(home: string, path: string): Promise<string> {
  const folder = join(home, 'desktop-bin');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Another driver may be running it at this very moment.
  const draft = join(folder, `.xsel-${randomUUID()}`);
  await writeFile(draft, SCRIPT, { mode: 0o700 });
  await rename(draft, join(folder, 'xsel'));
  return [folder, path].filter(Boolean).join(delimiter);
}
