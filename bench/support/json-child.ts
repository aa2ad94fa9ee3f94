/** A measurement in a process of its own: one question of JSON on its stdin, one answer on its stdout. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';

/**
 * Runs a script of Node with its question and gives its answer. Throws when the process fails, with what
 * it wrote to stderr, or answers in another shape.
 */
export async function askChild<S extends z.ZodType>(
  script: string,
  question: unknown,
  answer: S,
  nodeOptions: readonly string[] = [],
): Promise<z.output<S>> {
  const child = spawn(process.execPath, [...nodeOptions, script], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [said, complained] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(`${JSON.stringify(question)}\n`);
  await closed;
  if (child.exitCode !== 0) {
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    throw new Error(`${script} ended by ${how}: ${(await complained).slice(-2_000)}`);
  }
  return answer.parse(JSON.parse(await said));
}
