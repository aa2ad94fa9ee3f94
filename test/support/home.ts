/** An embedded Supabase that stays up for a whole test; the commands of its place use it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startEmbedded, type Embedded } from '../../src/adapters/embedded/embedded.ts';
import { migrationsDir } from '../../src/package-root.ts';
import type { Environment, Place } from './planline.ts';
import { recordingLog } from './recording-log.ts';
import { tempFolder } from './temp-folder.ts';

export interface Home {
  readonly place: Place;
  /** With the rights of the database's owner. */
  readonly sql: Embedded['sql'];
  /** Inserts a flagged lead, as Studio would: unlike `planline add`, nothing looks at it first. */
  addLead(description: string): Promise<string>;
  statusOf(leadId: string): Promise<unknown>;
}

export async function startHome(env: Environment): Promise<Home> {
  const cwd = await tempFolder();
  const home = join(cwd, '.planline');
  await mkdir(home);
  const embedded = await startEmbedded({ home, migrationsDir, log: recordingLog() });
  onTestFinished(() => embedded.stop());
  // A daemon never uses another process's embedded Supabase, but this is a project like any other.
  await writeFile(
    join(cwd, '.env'),
    `SUPABASE_URL=${embedded.url}\nSUPABASE_SECRET_KEY=${embedded.secretKey}\nCHAT_DRIVER=rehearsal\n`,
  );
  const sql: Home['sql'] = (text, params) => embedded.sql(text, params);
  return {
    place: { cwd, env },
    sql,
    async addLead(description) {
      const rows = await sql(
        `insert into public.junior_leads (description, status) values ($1, 'flagged') returning id`,
        [description],
      );
      return String(rows[0]?.['id']);
    },
    async statusOf(leadId) {
      const rows = await sql('select status from public.junior_leads where id::text = $1', [
        leadId,
      ]);
      return rows[0]?.['status'];
    },
  };
}
