/** The chat server's witness: which prompts came in and which were answered, in memory and in a file. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export interface RequestRecord {
  /** From 1, in the order in which requests came in. */
  readonly order: number;
  /** X-Client-Request-Id, or null. */
  readonly requestId: string | null;
  readonly promptSha256: string;
  readonly prompt: string;
  /** What was said before the prompt in the same request. */
  readonly before: readonly { readonly role: string; readonly text: string }[];
  readonly api: 'responses' | 'chat';
  readonly model: string;
  readonly stream: boolean;
  readonly background: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** The fault that this request met, or null. */
  readonly fault: string | null;
  /** True when the request was refused before anything was generated. */
  readonly refused: boolean;
  /** True when the whole answer was written to the client or can be fetched by it. */
  readonly answered: boolean;
  /** True when the client went away or gave up before the answer was whole. */
  readonly cancelled: boolean;
  readonly responseId: string | null;
}

export type LogEvent = 'received' | 'refused' | 'answered' | 'fetched' | 'cancelled';

export interface WitnessLine {
  readonly event: LogEvent;
  readonly order: number;
  readonly request_id: string | null;
  readonly prompt_sha256: string;
  readonly response_id: string | null;
  readonly fault: string | null;
}

type Draft = Omit<RequestRecord, 'order' | 'answered' | 'refused' | 'cancelled' | 'responseId'>;

export interface Witness {
  /** A new record; whoever handles the request notes further events on its order. */
  receive(draft: Draft): number;
  note(order: number, event: Exclude<LogEvent, 'received'>): void;
  identify(order: number, responseId: string): void;
  records(): RequestRecord[];
  close(): void;
}

export function openWitness(logFile: string | undefined): Witness {
  const records: RequestRecord[] = [];
  const file = logFile === undefined ? null : openSync(logFile, 'a');

  const change = (order: number, patch: Partial<RequestRecord>): RequestRecord => {
    const record = records[order - 1];
    if (record === undefined) throw new Error(`there is no request number ${order}`);
    const changed = { ...record, ...patch };
    records[order - 1] = changed;
    return changed;
  };

  const write = (event: LogEvent, record: RequestRecord): void => {
    if (file === null) return;
    const line: WitnessLine = {
      event,
      order: record.order,
      request_id: record.requestId,
      prompt_sha256: record.promptSha256,
      response_id: record.responseId,
      fault: record.fault,
    };
    writeSync(file, `${JSON.stringify(line)}\n`);
    // A crash test may kill this process too: what it has seen must be on disk.
    fsyncSync(file);
  };

  return {
    receive(draft) {
      const order = records.length + 1;
      const outcome = { refused: false, answered: false, cancelled: false, responseId: null };
      const record = { ...draft, order, ...outcome };
      records.push(record);
      write('received', record);
      return order;
    },
    note(order, event) {
      write(event, change(order, event === 'fetched' ? {} : { [event]: true }));
    },
    identify: (order, responseId) => void change(order, { responseId }),
    records: () => [...records],
    close() {
      if (file !== null) closeSync(file);
    },
  };
}
