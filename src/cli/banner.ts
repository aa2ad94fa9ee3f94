/** What a person reads when the daemon starts, and after the first lead. */
import { relative } from 'node:path';
import type { Config } from '../config.ts';
import { version } from '../package-root.ts';
import type { Database } from '../wire.ts';

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && !near.startsWith('..') ? near : path;
}

function driverLine(config: Config): string {
  if (config.chatDriver === 'openai') return `openai, model ${config.openai?.model ?? ''}`;
  return 'rehearsal: offline, its pages only show how planline works';
}

export function banner(config: Config, database: Database): string {
  const keys =
    database.kind === 'embedded'
      ? [
          `  Secret key  ${database.secretKey}`,
          '              (this machine only; for any supabase-js client)',
        ]
      : [];
  return [
    `planline ${version}`,
    '',
    `  Supabase    ${database.url}${database.kind === 'embedded' ? ` (embedded, data in ${shown(config.home)})` : ''}`,
    ...keys,
    `  ChatGPT     ${driverLine(config)}`,
    `  Files       ${shown(config.runsDir)}`,
    '',
    'Waiting for leads with status "flagged". Ctrl+C stops.',
    '',
  ].join('\n');
}

/** After the first lead of a first try. */
export function nextSteps(config: Config, leadId: string): string {
  return [
    '',
    'What now?',
    `  The pages     table client_learning_pages, client_id ${leadId}`,
    `                and as files in ${shown(config.runsDir)}/${leadId}`,
    '  A lead of     npm run -s planline -- add --description-file client.txt',
    '  your own      or insert a row with status "flagged" at the URL above',
    '  Your Supabase SUPABASE_URL and SUPABASE_SECRET_KEY in .env, then the schema:',
    '                npx supabase db push, or paste: npm run -s planline -- db sql',
    '  Real ChatGPT  CHAT_DRIVER=openai and OPENAI_API_KEY in .env',
    '  Is all well?  npm run -s planline -- doctor',
    '',
  ].join('\n');
}
