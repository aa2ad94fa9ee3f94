#!/usr/bin/env node
import { runCli } from './cli/program.ts';

await runCli(process.argv);

// All is closed by now; a timer that a library left behind (realtime-js keeps one for ten seconds
// after a disconnect) must not hold the process. What was printed goes out first.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  ),
);
process.exit();
