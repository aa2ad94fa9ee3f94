import { createClient } from '@supabase/supabase-js';

/** The unmodified client, for any schema. Its type is what createClient infers without one. */
export function connect(url: string, key: string) {
  return createClient(url, key);
}

export type Client = ReturnType<typeof connect>;
