/** Every command, as the list of `planline --help` shows it. Its file is loaded when it is chosen. */
import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  /** Its arguments, as its usage shows them. */
  readonly takes?: string;
  readonly about: string;
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'daemon',
    about: 'wait for flagged leads and take each through the pipeline, until stopped',
    load: async () => (await import('./daemon.ts')).daemonCommand(),
  },
  {
    name: 'dashboard',
    about: 'the dashboard alone, for reading; the daemon serves it with all it can do',
    load: async () => (await import('./dashboard.ts')).dashboardCommand(),
  },
  {
    name: 'sweep',
    about: 'take everything that is flagged or left over through the pipeline, then exit',
    load: async () => (await import('./sweep.ts')).sweepCommand(),
  },
  {
    name: 'add',
    about: 'insert a lead, flagged; prints its id',
    load: async () => (await import('./add.ts')).addCommand(),
  },
  {
    name: 'flag',
    takes: '<id...>',
    about: 'set leads to flagged: starts them, or resumes blocked ones where they stopped',
    load: async () => (await import('./flag.ts')).flagCommand(),
  },
  {
    name: 'status',
    takes: '[id]',
    about: 'where leads stand; one lead, or all, what needs you first',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  {
    name: 'watch',
    about: 'leads that are not at rest, live; lines of text where there is no terminal',
    load: async () => (await import('./watch.ts')).watchCommand(),
  },
  {
    name: 'events',
    takes: '<id>',
    about: 'the stream of a lead, oldest first',
    load: async () => (await import('./events.ts')).eventsCommand(),
  },
  {
    name: 'verify',
    takes: '[id]',
    about:
      'check hash chains, and that database, events.jsonl, row, artifacts, run folders and pages agree',
    load: async () => (await import('./verify.ts')).verifyCommand(),
  },
  {
    name: 'rebuild',
    takes: '[id]',
    about: 'bring back a disk from the database, or a database from the disk',
    load: async () => (await import('./rebuild.ts')).rebuildCommand(),
  },
  {
    name: 'forget',
    takes: '<id>',
    about: 'a person asks to be forgotten: remove everything that planline holds of a lead',
    load: async () => (await import('./forget.ts')).forgetCommand(),
  },
  {
    name: 'prune',
    about: 'leave old runs to their zips: folders and texts go, once each zip was checked',
    load: async () => (await import('./prune.ts')).pruneCommand(),
  },
  {
    name: 'doctor',
    about: 'check everything planline needs; each finding comes with what to do',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  {
    name: 'db',
    about: 'the database schema',
    load: async () => (await import('./db.ts')).dbCommand(),
  },
  {
    name: 'service',
    about: 'let the system run the daemon: systemd, or launchd on macOS',
    load: async () => (await import('./service.ts')).serviceCommand(),
  },
  {
    name: 'blocks',
    about: 'a plan and a profile → one prompt a block (prompt_block_<n>.txt)',
    load: async () => (await import('./folder.ts')).blocksCommand(),
  },
  {
    name: 'prepare-html',
    about: 'lessons (part<n>.txt) → one HTML prompt a page (parthtml<n>.txt)',
    load: async () => (await import('./folder.ts')).prepareHtmlCommand(),
  },
  {
    name: 'html-to-json',
    about: 'HTML replies (parthtml<n>.txt) → page JSON (parthtml<n>.json)',
    load: async () => (await import('./folder.ts')).htmlToJsonCommand(),
  },
  {
    name: 'clean',
    about: "remove the chat model's residue from page JSON, in place; originals go to snapshots/",
    load: async () => (await import('./folder.ts')).cleanCommand(),
  },
  {
    name: 'chat',
    about: 'ask ChatGPT each prompt of a folder; or see to the chat account',
    load: async () => (await import('./chat.ts')).chatCommand(),
  },
  {
    name: 'upload',
    takes: '<id>',
    about: "put the pages of a folder up as a lead's; its pages so far go to snapshots/",
    load: async () => (await import('./upload.ts')).uploadCommand(),
  },
  {
    name: 'preview',
    takes: '<dir>',
    about: 'page JSON → HTML files that show the pages as a learner sees them',
    load: async () => (await import('./preview.ts')).previewCommand(),
  },
  {
    name: 'schema',
    about: 'print the format of a page as JSON Schema, for programs that read pages',
    load: async () => (await import('./schema.ts')).schemaCommand(),
  },
];
