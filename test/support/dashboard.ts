/** A daemon with its dashboard, and requests to it as a browser, or somebody else, would send them. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import {
  seededPlace,
  start,
  type Environment,
  type Place,
  type RunningPlanline,
} from './planline.ts';

export interface ServedDashboard {
  readonly place: Place;
  readonly process: RunningPlanline;
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
}

/** Ends with the test. */
export async function serveDashboard(
  command: 'daemon' | 'dashboard',
  env: Environment = {},
  place?: Place,
): Promise<ServedDashboard> {
  const port = await freePort();
  const { cwd, env: known } = place ?? (await seededPlace());
  const own = { cwd, env: { ...known, ...env, DASHBOARD_PORT: String(port) } };
  const started = start(own, command);
  onTestFinished(async () => {
    await started.kill('SIGTERM');
  });
  const [, url = ''] = await started.until(/Dashboard\D*?(https?:\/\/[^\s]+)/);
  return { place: own, process: started, port, url };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Headers go out exactly as given: no client of ours adds Origin or mends Host. */
export function raw(
  port: number,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What a browser would send back. */
export function cookieOf({ headers }: RawAnswer): string {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

export function csrfOf({ body }: RawAnswer): string {
  return /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
}
