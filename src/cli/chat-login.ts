/** `planline chat login`: a Chrome with a profile of its own, and a person who logs in there. */
import { Command } from 'commander';
import { logInToChat } from '../wire.ts';
import { withExample } from './example.ts';
import { print } from './report.ts';
import { withSession } from './session.ts';
import { stopOnSignals } from './signals.ts';

export function loginCommand(): Command {
  const command = new Command('login')
    .description('open the Chrome of CHAT_DRIVER=browser, and wait until you are logged in there')
    .action(() =>
      withSession(async ({ config, log }) => {
        const stop = stopOnSignals(() => print('Stopping …'));
        const { url, profileDir } = config.chatPage;
        print(`Opening ${url} in a Chrome with the profile ${profileDir} …`);
        const waiting = (): void => print('Log in there. This waits until you have.');
        try {
          await logInToChat(config, log, waiting, stop.stopping);
        } finally {
          stop.dispose();
        }
        print(
          'Logged in. Leave that Chrome open; CHAT_DRIVER=browser uses a tab of its own in it.',
        );
      }),
    );
  return withExample(command, 'planline chat login');
}
