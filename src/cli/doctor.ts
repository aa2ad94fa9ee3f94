import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Finding } from '../ports.ts';
import { allFindings } from './doctor/findings.ts';
import { findingText, verdictOf, type Paint } from './doctor/report.ts';
import { withExample } from './example.ts';
import { EXIT } from './exit.ts';
import { print, widthOf } from './report.ts';
import { withSession } from './session.ts';

const COLORS = { ok: 'green', warning: 'yellow', error: 'red' } as const;
/** styleText knows whether stdout is a terminal, and NO_COLOR. */
const paint: Paint = (level, text) => styleText(COLORS[level], text);

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .option('--json', 'as a JSON array')
    .option('--send-test', 'also send a test message by Slack and e-mail')
    .action((options: { json?: true; sendTest?: true }) =>
      withSession(async ({ config, log }) => {
        const isJson = options.json === true;
        const width = widthOf(process.stdout);
        const findings: Finding[] = [];
        const sendTest = options.sendTest === true;
        for await (const finding of allFindings(config, log, { sendTest })) {
          findings.push(finding);
          if (!isJson) print(findingText(finding, width, paint));
        }
        print(isJson ? JSON.stringify(findings, null, 2) : `\n${verdictOf(findings)}`);
        if (findings.some(({ level }) => level === 'error')) process.exitCode = EXIT.bad;
      }),
    );
  return withExample(command, 'planline doctor', 'planline doctor --send-test');
}
