/**
 * Where chaos happens: a real PostgreSQL behind the real PostgREST, a chat server and a webhook that
 * remember what came in, and any number of machines (a PLANLINE_HOME and a disk of their own).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationsDir } from '../../../src/package-root.ts';
import { startChatServer, type ChatServer } from '../chat-server.ts';
import { ENGLISH } from '../descriptions.ts';
import { startGateway, type Gateway } from '../gateway.ts';
import type { Environment, Place } from '../planline.ts';
import { supabaseTargets, type RunningTarget } from '../supabase-targets.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { openWebhook, type Webhook } from '../webhook.ts';
import { bundled } from './bundle.ts';
import { calm, type Mood } from './moods.ts';

export interface Site {
  readonly database: RunningTarget;
  readonly chat: ChatServer;
  readonly webhook: Webhook;
  /** Stands before the database for machines that are made with `behindGateway`. */
  readonly gateway: Gateway;
  /** How the chat model behaves from now on. */
  feel(mood: Mood): void;
  /** A machine: nothing on its disk yet. */
  machine(env?: Environment, options?: { behindGateway: boolean }): Promise<Place>;
  /** Inserts a flagged lead, as any program would. */
  addLead(): Promise<string>;
  /** No daemon takes these leads or tells of them until they are called back. */
  putAside(leadIds: readonly string[]): Promise<void>;
  callBack(leadIds: readonly string[]): Promise<void>;
  /** No daemon or sweep knows of these leads any more; what was recorded of them stays. */
  giveUp(leadIds: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** The real PostgREST, as hosted projects have it. */
export function chaosTarget() {
  const target = supabaseTargets.find(({ name }) => name.startsWith('PostgREST'));
  if (target === undefined) throw new Error('there is no PostgREST target');
  return target;
}

const PUT_ASIDE = `
  with leads as (
    update public.junior_leads set next_attempt_at = '2100-01-01' where id::text = any ($1))
  update public.pipeline_notifications set next_attempt_at = '2100-01-01'
   where lead_id = any ($1) and state in ('pending', 'trying')`;
const CALL_BACK = `
  with leads as (
    update public.junior_leads set next_attempt_at = now() where id::text = any ($1))
  update public.pipeline_notifications set next_attempt_at = now()
   where lead_id = any ($1) and state in ('pending', 'trying')`;

export async function openSite(): Promise<Site> {
  let mood: Mood = calm();
  const database = await chaosTarget().start({ migrationsDir });
  const gateway = await startGateway(database.url);
  const chat = await startChatServer({
    answers: (prompt, before) => mood.answer(prompt, before),
    faultOf: (prompt) => mood.fault(prompt),
  });
  const webhook = await openWebhook();
  const disk = await makeTempFolder();
  const { main, compiled } = bundled();
  let machines = 0;
  let leads = 0;

  return {
    database,
    chat,
    webhook,
    gateway,
    feel: (next) => {
      mood = next;
    },

    async machine(env = {}, { behindGateway } = { behindGateway: false }) {
      machines += 1;
      const cwd = join(disk.path, `machine-${machines}`);
      await mkdir(cwd);
      return {
        cwd,
        main,
        env: {
          SUPABASE_URL: behindGateway ? gateway.url : database.url,
          SUPABASE_SECRET_KEY: database.secretKey,
          CHAT_DRIVER: 'openai',
          OPENAI_API_KEY: 'test-key',
          OPENAI_BASE_URL: chat.url,
          SLACK_WEBHOOK_URL: webhook.url,
          // A message a lead, so that who was told how often can be counted; a digest that is killed
          // has a test of its own, in test/e2e/notify.test.ts.
          NOTIFY_DIGEST_MINUTES: '0',
          COLD_STORAGE_DIR: join(cwd, 'cold'),
          NODE_COMPILE_CACHE: compiled,
          BLOCK_COUNT: '1',
          LEASE_SECONDS: '2',
          // Never while the tests run: at six it would come whatever is being killed.
          SWEEP_CRON: '0 0 29 2 *',
          ...env,
        },
      };
    },

    async addLead() {
      leads += 1;
      const [row] = await database.sql(
        `insert into public.junior_leads (description, status) values ($1, 'flagged') returning id`,
        [`${ENGLISH}\nI am number ${leads}.`],
      );
      return String(row?.['id']);
    },

    async putAside(leadIds) {
      await database.sql(PUT_ASIDE, [leadIds]);
    },
    async callBack(leadIds) {
      await database.sql(CALL_BACK, [leadIds]);
    },
    async giveUp(leadIds) {
      await database.sql(PUT_ASIDE, [leadIds]);
      await database.sql('delete from public.junior_leads where id::text = any ($1)', [leadIds]);
    },

    async stop() {
      await gateway.stop();
      await webhook.stop();
      await chat.stop();
      await database.stop();
      await disk.remove();
    },
  };
}
