/** The one supabase-js client: the same for a hosted project and for the embedded Supabase. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';

export interface SupabaseAccess {
  readonly url: string;
  /** `sb_secret_…`, or a legacy service_role JWT. */
  readonly secretKey: string;
}

/** A call that the server has not answered by then is given up and made again. */
const CALL_TIMEOUT_MS = 60_000;
const RECONNECT_BASE_MS = 1_000;
const RECONNECT_MAX_MS = 30_000;

function fetchWithTimeout(
  input: Parameters<typeof fetch>[0],
  init?: RequestInit,
): Promise<Response> {
  const timeout = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return fetch(input, { ...init, signal });
}

/** `fraction` spreads reconnects, so that many daemons do not come back in the same second. */
export function connect(access: SupabaseAccess, fraction: () => number): SupabaseClient {
  // No generated types: every answer is checked by zod where it comes in.
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the schema's type parameter is `any`
  const client: SupabaseClient = createClient(access.url, access.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: fetchWithTimeout },
    realtime: {
      reconnectAfterMs: (tries: number) =>
        Math.min(RECONNECT_MAX_MS, RECONNECT_BASE_MS * 2 ** Math.min(tries, 5)) *
        (0.5 + fraction() / 2),
    },
  });
  return client;
}
