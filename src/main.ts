#!/usr/bin/env node
import { keepCompiledCode } from './cli/compile-cache.ts';

keepCompiledCode(process.env);
const { runCli } = await import('./cli/program.ts');

/** 128 + SIGPIPE, as shells report it. */
const EXIT_NOBODY_READS = 141;

// `planline status | head`: who reads has seen enough, and that is no bug of anybody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT_NOBODY_READS);
});

await runCli(process.argv);

// All is closed by now; a timer that a library left behind (realtime-js keeps one for ten seconds
// after a disconnect) must not hold the process. What was printed goes out first.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  ),
);
process.exit();
