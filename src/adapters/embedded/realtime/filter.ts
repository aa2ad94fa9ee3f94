/**
 * Filters of postgres_changes: `status=eq.flagged`, `status=in.(flagged,"a,b")`, `id=not.eq.3`,
 * several joined by commas. The operators are those that need no type: eq, neq and in.
 */
import { ok, refuse, type Result } from '../../../core/result.ts';

interface Condition {
  readonly column: string;
  readonly negated: boolean;
  readonly operator: 'eq' | 'neq' | 'in';
  readonly values: readonly string[];
}
export type Filter = readonly Condition[];

const CONDITION = /^([^=]+)=(not\.)?(eq|neq|in)\.(.*)$/s;

/** `columns` are those that a change reports: others cannot be compared. */
export function parseFilter(text: string, columns: readonly string[]): Result<Filter> {
  const conditions: Condition[] = [];
  for (const part of splitOutsideQuotes(text)) {
    const [, column = '', not, operator, value = ''] = CONDITION.exec(part) ?? [];
    if (operator !== 'eq' && operator !== 'neq' && operator !== 'in') {
      return refuse(
        `the filter ${part} has no operator that the embedded Supabase offers: eq, neq, in`,
      );
    }
    if (!columns.includes(column)) {
      return refuse(
        `the filter ${part} names none of the columns that can be compared: ${columns.join(', ')}`,
      );
    }
    const values = operator === 'in' ? listOf(value) : [unquote(value)];
    conditions.push({ column, negated: not !== undefined, operator, values });
  }
  return ok(conditions);
}

/** As in SQL, null and what is not there compare with nothing. */
export function passes(filter: Filter, record: Readonly<Record<string, unknown>>): boolean {
  return filter.every(({ column, negated, operator, values }) => {
    const value = record[column];
    if (value === null || value === undefined) return false;
    const found = values.includes(typeof value === 'string' ? value : JSON.stringify(value));
    return (operator === 'neq' ? !found : found) !== negated;
  });
}

function listOf(value: string): string[] {
  const inner = /^\((.*)\)$/s.exec(value)?.[1] ?? value;
  return splitOutsideQuotes(inner).map(unquote);
}

function unquote(value: string): string {
  const quoted = /^"(.*)"$/s.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replace(/\\(.)/gs, '$1');
}

/** At the commas that stand neither in double quotes nor in parentheses. */
function splitOutsideQuotes(text: string): string[] {
  const parts = [''];
  let depth = 0;
  // A quoted string with its escapes is one token, any other character another.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|./gs)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${token}`);
  }
  return parts;
}
