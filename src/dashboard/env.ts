/** What a request carries from the security gates to the pages. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

export interface DashboardEnv {
  Bindings: HttpBindings;
  Variables: {
    /** To be sent along with every form. */
    csrfToken: string;
  };
}

export type DashboardContext = Context<DashboardEnv>;
