/**
 * The session is a signed cookie, so that a restart forgets nobody; the CSRF token is made from it, so
 * that a page of one session is of no use in another.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const HOUR_MS = 60 * 60_000;
export const SESSION_MS = 14 * 24 * HOUR_MS;

/** Compares without telling by its duration where two secrets differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export interface Sessions {
  /** The value of a new session's cookie. */
  open(nowMs: number): string;
  isValid(cookie: string, nowMs: number): boolean;
  csrfToken(cookie: string): string;
}

/**
 * Cookies are signed with a key made from the login token: a changed token ends all sessions. Without
 * one, anybody who can connect may have a session, and it lasts as long as this process.
 */
export function createSessions(token: string | null): Sessions {
  const secret = token ?? randomBytes(32).toString('base64url');
  const sign = (purpose: string, text: string): string =>
    createHmac('sha256', secret).update(`planline ${purpose} ${text}`).digest('base64url');

  return {
    open(nowMs) {
      const body = `${randomBytes(16).toString('base64url')}.${nowMs + SESSION_MS}`;
      return `${body}.${sign('session', body)}`;
    },
    isValid(cookie, nowMs) {
      const cut = cookie.lastIndexOf('.');
      const body = cookie.slice(0, Math.max(0, cut));
      const endMs = Number(body.split('.')[1]);
      return isSame(cookie.slice(cut + 1), sign('session', body)) && nowMs < endMs;
    },
    csrfToken: (cookie) => sign('csrf', cookie),
  };
}
