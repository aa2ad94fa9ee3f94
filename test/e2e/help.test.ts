import { describe, expect, it } from 'vitest';
import { run } from '../support/planline.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('--help', () => {
  it('shows an example of every command', { timeout: 480_000 }, async () => {
    const place = { cwd: await tempFolder(), env: {} };
    const help = await run(place, '--help');
    const commands = [...help.stdout.matchAll(/^ {2}([a-z][a-z-]*)(?= )/gm)].flatMap(([, name]) =>
      name === undefined || name === 'help' ? [] : [name],
    );
    expect(commands).toEqual(
      expect.arrayContaining([
        'daemon',
        'sweep',
        'add',
        'flag',
        'status',
        'events',
        'verify',
        'doctor',
        'db',
        'blocks',
        'chat',
        'prepare-html',
        'html-to-json',
        'clean',
        'upload',
        'preview',
        'schema',
      ]),
    );
    for (const command of commands) {
      const { code, stdout, stderr } = await run(place, command, '--help');
      expect({ code, stderr }, command).toEqual({ code: 0, stderr: '' });
      expect(stdout, command).toMatch(new RegExp(`^Example:\n {2}\\$ planline ${command}\\b`, 'm'));
    }
  });
});
