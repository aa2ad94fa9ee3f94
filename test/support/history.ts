/** Builds streams for tests as the database would store them: seq, hashes and all. */
import {
  EVENT_VERSION,
  type EventData,
  type EventType,
  type StoredEnvelope,
} from '../../src/core/events.ts';
import { eventHash, GENESIS_HASH, sha256Hex } from '../../src/core/hash-chain.ts';
import { isoOf } from '../../src/core/instant.ts';
import {
  isChatStep,
  STATUS_OF_STEP,
  statusAfter,
  STEPS,
  type Step,
} from '../../src/core/lifecycle.ts';

const START_MS = Date.UTC(2026, 10, 23, 10, 0, 0);

export class History {
  readonly events: StoredEnvelope[] = [];
  readonly leadId: string;
  runId: string | null = null;

  constructor(leadId = 'lead-1') {
    this.leadId = leadId;
  }

  add<T extends EventType>(
    type: T,
    data: EventData<T>,
    {
      statusTo = null,
      runId = this.runId,
    }: { statusTo?: string | null; runId?: string | null } = {},
  ): this {
    const last = this.events.at(-1);
    const seq = (last?.seq ?? 0) + 1;
    const at = isoOf(START_MS + seq * 1_000);
    const status = this.events.findLast((event) => event.status_to !== null)?.status_to ?? null;
    const event = {
      event_id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
      lead_id: this.leadId,
      seq,
      run_id: runId,
      type,
      v: EVENT_VERSION,
      data: JSON.parse(JSON.stringify(data)) as StoredEnvelope['data'],
      status_from: status,
      status_to: statusTo,
      actor: 'test',
      occurred_at: at,
      recorded_at: at,
      prev_hash: last?.hash ?? GENESIS_HASH,
    };
    this.events.push({ ...event, hash: eventHash(event) });
    return this;
  }

  flagged(description = 'I want to learn'): this {
    return this.add(
      'lead.flagged',
      { description_sha256: sha256Hex(description), description_chars: description.length },
      { statusTo: 'flagged' },
    );
  }

  claimed(epoch = 1): this {
    return this.add('lead.claimed', {
      daemon: 'test',
      epoch,
      lease_expires_at: isoOf(START_MS + 60_000),
    });
  }

  started(runId = '20261123_100000', description = 'I want to learn', blockCount = 2): this {
    this.runId = runId;
    return this.add(
      'run.started',
      {
        description_sha256: sha256Hex(description),
        description_chars: description.length,
        block_count: blockCount,
        driver: 'rehearsal',
        artifacts: [],
      },
      { statusTo: 'processing' },
    );
  }

  completed(step: Step): this {
    const statusTo = statusAfter(step);
    return this.add(
      'step.completed',
      { step, outputs: [], duration_ms: 5, warnings: [] },
      { statusTo: statusTo === STATUS_OF_STEP[step] ? null : statusTo },
    );
  }

  /** All events of one prompt, from staged to saved. */
  answered(step: Step, n: number): this {
    if (!isChatStep(step)) throw new Error(`${step} asks nothing`);
    const prompt = { path: `${step}/prompt_${n}.txt`, sha256: sha256Hex(`p${step}${n}`), bytes: 3 };
    const reply = { path: `${step}/reply_${n}.txt`, sha256: sha256Hex(`r${step}${n}`), bytes: 3 };
    const meta = { ...reply, path: `${step}/reply_${n}.meta.json` };
    const requestId = `${step}-${n}`;
    return this.add('prompt.staged', { step, n, prompt })
      .add('prompt.send_intended', {
        step,
        n,
        request_id: requestId,
        prompt_sha256: prompt.sha256,
        driver: 'rehearsal',
      })
      .add('prompt.sent', { step, n, request_id: requestId, ref: { kind: 'test', id: requestId } })
      .add('prompt.answered', {
        step,
        n,
        request_id: requestId,
        reply_sha256: reply.sha256,
        chars: 3,
        capture: 'api',
        complete: true,
        duration_ms: 7,
      })
      .add('prompt.saved', { step, n, reply, meta });
  }

  /** From the start of a run to the end of `last`. */
  through(last: Step): this {
    for (const step of STEPS) {
      this.completed(step);
      if (step === last) return this;
    }
    return this;
  }
}
