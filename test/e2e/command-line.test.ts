/** Words of the command line that planline does not take. */
import { describe, expect, it } from 'vitest';
import { run } from '../support/planline.ts';
import { refused } from '../support/refusals.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('a command line that cannot be meant', () => {
  it.each([
    { args: ['nonsense'], says: /unknown command 'nonsense'\n\(planline --help shows/ },
    { args: ['statuss'], says: /Did you mean status\?/ },
    { args: ['--nonsense'], says: /unknown option '--nonsense'\n\(planline --help shows/ },
    {
      args: ['status', '--nonsense'],
      says: /unknown option '--nonsense'\n\(planline status --help shows how, with an example\)/,
    },
    { args: ['flag'], says: /missing required argument 'id'\n\(planline flag --help shows/ },
    {
      args: ['chat', '--driver', 'openai', 'resume'],
      says: /chat resume takes no options: it goes by CHAT_DRIVER/,
    },
    {
      args: ['service', 'install', '--user', 'planline', '--dry-run'],
      says: /--user NAME goes with --system/,
    },
    { args: ['db', 'drop'], says: /unknown command 'drop'\n\(planline db --help shows/ },
  ])('planline $args points to the help', async ({ args, says }) => {
    expect(await run({ cwd: await tempFolder(), env: {} }, ...args)).toEqual(refused(says));
  });
});
