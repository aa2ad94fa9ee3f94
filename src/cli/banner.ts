/** What a person reads when the daemon starts, and after the first lead. */
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import { version } from '../package-root.ts';
import type { Database } from '../wire.ts';

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && !near.startsWith('..') ? near : path;
}

function driverLine(config: Config): string {
  if (config.chatDriver === 'openai') return `openai, model ${config.openai?.model ?? ''}`;
  if (config.chatDriver === 'browser') return `browser: a tab of its own at ${config.chatPage.url}`;
  if (config.chatDriver === 'desktop') {
    return 'desktop: your own browser window, by keyboard, mouse and clipboard';
  }
  return 'rehearsal: offline, its pages only show how planline works';
}

/** A person sees the key; what is no terminal may be a journal, which keeps it and is read by others. */
function keyLines(config: Config, database: Database): string[] {
  if (database.kind !== 'embedded') return [];
  const key = process.stdout.isTTY
    ? database.secretKey
    : `in ${shown(join(config.home, 'supabase.json'))}`;
  return [`  Secret key  ${key}`, '              (this machine only; for any supabase-js client)'];
}

export function banner(config: Config, database: Database, dashboard: string | null): string {
  return [
    `planline ${version}`,
    '',
    `  Supabase    ${database.url}${database.kind === 'embedded' ? ` (embedded, data in ${shown(config.home)})` : ''}`,
    ...keyLines(config, database),
    `  ChatGPT     ${driverLine(config)}`,
    `  Files       ${shown(config.runsDir)}`,
    ...(dashboard === null ? [] : [`  Dashboard   ${dashboard}`]),
    '',
    'Waiting for leads with status "flagged". Ctrl+C stops.',
    '',
  ].join('\n');
}

/** After the first lead of a first try. */
export function nextSteps(
  config: Config,
  { leadId, runId }: { readonly leadId: string; readonly runId: string },
): string {
  return [
    '',
    'What now?',
    '',
    'The pages are in the table client_learning_pages, and as files in',
    `  ${shown(config.runsDir)}/${leadId}`,
    'Look at them:',
    `  npm run -s planline -- preview ${shown(config.runsDir)}/${leadId}/${runId}/transformed`,
    'A lead of your own (or a row with status "flagged", with the URL and key above):',
    '  npm run -s planline -- add --description-file client.txt',
    'Your own Supabase: SUPABASE_URL, SUPABASE_SECRET_KEY and CHAT_DRIVER in .env,',
    'and the schema by one of',
    '  npx supabase db push',
    '  npm run -s planline -- db sql',
    'Real ChatGPT: CHAT_DRIVER=openai and OPENAI_API_KEY in .env',
    'Is all well?',
    '  npm run -s planline -- doctor',
    '',
  ].join('\n');
}
