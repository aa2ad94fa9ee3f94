/** JSON Web Tokens as hosted Supabase's legacy API keys are: HS256 with a role claim. */
import { createHmac } from 'node:crypto';

const LIFETIME_SECONDS = 10 * 365 * 24 * 3600;

export function signRoleJwt(role: string, secret: string): string {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = { iss: 'supabase', role, iat: issuedAt, exp: issuedAt + LIFETIME_SECONDS };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encode).join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
