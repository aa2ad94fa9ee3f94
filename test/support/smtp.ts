import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}

export interface MailServer {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  readonly connections: () => number;
}

export interface MailServerOptions {
  /** Asked for when it is given; otherwise nobody logs in. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The reply to a step of the dialogue; accepted when it returns null. */
  readonly refuse?: (step: 'mail' | 'rcpt' | 'data', address: string) => SmtpRefusal | null;
}

export interface SmtpRefusal {
  readonly code: number;
  readonly message: string;
}

function asError(refusal: SmtpRefusal | null | undefined): Error | null {
  if (refusal === null || refusal === undefined) return null;
  return Object.assign(new Error(refusal.message), { responseCode: refusal.code });
}

/** A mail server on loopback that keeps what it is given; stopped when the test ends. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { login, refuse } = options;
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const settings: SMTPServerOptions = {
    logger: false,
    disableReverseLookup: true,
    // Its certificate would be nobody's; loopback needs none.
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: login === undefined,
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) {
        done(null, { user: username });
      } else {
        done(asError({ code: 535, message: `5.7.8 ${username} with ${password} is not known` }));
      }
    },
    onMailFrom({ address }, _session, done) {
      done(asError(refuse?.('mail', address)));
    },
    onRcptTo({ address }, _session, done) {
      done(asError(refuse?.('rcpt', address)));
    },
    onData(stream, { envelope }, reply) {
      simpleParser(stream).then(
        (mail) => {
          const refused = asError(refuse?.('data', ''));
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          if (refused === null) mails.push({ from, to, mail });
          reply(refused);
        },
        (error: unknown) => reply(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
  const server = new SMTPServer(settings);
  // A client that gives up in the middle is what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const { _socket: socket } of server.connections) socket.destroy();
        server.close(() => resolve());
      }),
  );
  // A TCP server's address is never a pipe's name.
  const { port } = server.server.address() as AddressInfo;
  const user =
    login === undefined
      ? ''
      : `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return { url: `smtp://${user}127.0.0.1:${port}`, mails, connections: () => connections };
}
