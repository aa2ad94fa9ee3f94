/** Headers of every answer: what a page may load, who may frame it, what is kept. */
import type { MiddlewareHandler } from 'hono';
import type { DashboardEnv } from '../env.ts';

/** Scripts and styles are our own files only: nothing that stands in a page can run. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const POLICY = 'Content-Security-Policy';

/** A page that sets a policy of its own, such as a framed artifact, keeps it. */
export function securityHeaders(): MiddlewareHandler<DashboardEnv> {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    if (!headers.has(POLICY)) headers.set(POLICY, PAGE_POLICY);
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    headers.set('X-Content-Type-Options', 'nosniff');
    // Other sites learn nothing; with `no-referrer` browsers send our own forms with Origin: null.
    headers.set('Referrer-Policy', 'same-origin');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
  };
}
