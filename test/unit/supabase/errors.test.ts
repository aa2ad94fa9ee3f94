import { describe, expect, it } from 'vitest';
import { toPlanlineError } from '../../../src/adapters/supabase/errors.ts';

const ROW = 'Failing row contains (7, blocked, what the client told).';

describe('toPlanlineError', () => {
  it('keeps a row that PostgreSQL quotes out of the message and of the cause, which is logged', () => {
    const failure = { code: '23514', message: 'violates check "known"', details: ROW, hint: null };
    const error = toPlanlineError('Writing', failure, 400);
    expect(error.code).toBe('setup');
    expect(error.message).toMatch(/violates check "known"/);
    expect(error.cause).toEqual({ ...failure, details: null });
    expect(JSON.stringify([error.message, error.cause])).not.toContain('client told');
  });

  it('keeps what PostgREST says of itself', () => {
    const failure = {
      code: 'PGRST202',
      message: 'no function',
      details: 'Searched for x',
      hint: '',
    };
    const error = toPlanlineError('Writing', failure, 404);
    expect(error.message).toMatch(/Searched for x/);
    expect(error.cause).toEqual(failure);
  });
});
