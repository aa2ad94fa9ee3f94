/** One call to PostgREST: its answer checked by a schema, its failure as a coded error. */
import { z } from 'zod';
import { messageOf, PlanlineError } from '../../core/errors.ts';
import { toPlanlineError, type PostgrestFailure } from './errors.ts';

interface Answer {
  readonly data: unknown;
  readonly error: PostgrestFailure | null;
  readonly status: number;
  readonly count?: number | null;
}

async function answerOf(what: string, query: PromiseLike<Answer>): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await query;
  } catch (error) {
    throw new PlanlineError('unavailable', `${what}: ${messageOf(error)}`, { cause: error });
  }
  if (answer.error !== null) throw toPlanlineError(what, answer.error, answer.status);
  return answer;
}

/** `what` begins the message of a failure: `Claiming the next lead`. */
export async function call<S extends z.ZodType>(
  what: string,
  schema: S,
  query: PromiseLike<Answer>,
): Promise<z.output<S>> {
  return (await callCounted(what, schema, query)).data;
}

/** For a query with a count: `total` is of all rows that it fits, whatever its limit. */
export async function callCounted<S extends z.ZodType>(
  what: string,
  schema: S,
  query: PromiseLike<Answer>,
): Promise<{ data: z.output<S>; total: number | null }> {
  const { data, count } = await answerOf(what, query);
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    throw new PlanlineError(
      'setup',
      `${what}: the database answered in a shape that planline does not know: ${z.prettifyError(parsed.error)}. Its migrations may be of another version: see \`planline doctor\`.`,
      { cause: parsed.error },
    );
  }
  return { data: parsed.data, total: count ?? null };
}

export async function countOf(what: string, query: PromiseLike<Answer>): Promise<number> {
  const { count, status } = await answerOf(what, query);
  // A count is asked for by HEAD, whose failure has no body: it comes without an error.
  if (typeof count !== 'number') throw toPlanlineError(what, {}, status === 204 ? 404 : status);
  return count;
}
