/** The addresses of the chat server. */
import { createHash } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { answer, hangUp, sendJson, type Api, type Call } from './chat-server-answer.ts';
import { detailsOf, isRefusal, refusalReply, type FaultDetails } from './chat-server-faults.ts';
import type { ServerState } from './chat-server-state.ts';
import { responseObject } from './chat-server-wire.ts';

const inputParts = z.union([
  z.string(),
  z.array(
    z.object({
      role: z.string(),
      content: z.union([z.string(), z.array(z.object({ text: z.string() }))]),
    }),
  ),
]);
const createBody = z.object({
  model: z.string().min(1),
  input: inputParts.optional(),
  messages: inputParts.optional(),
  stream: z.boolean().optional(),
  background: z.boolean().optional(),
  store: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
type CreateBody = z.infer<typeof createBody>;

/** What was said, in order; the last of it is the prompt. */
function saidIn({ input, messages }: CreateBody): { role: string; text: string }[] {
  const parts = input ?? messages ?? '';
  if (typeof parts === 'string') return [{ role: 'user', text: parts }];
  return parts.map(({ role, content }) => ({
    role,
    text: typeof content === 'string' ? content : content.map((part) => part.text).join(''),
  }));
}

function promptOf(body: CreateBody): string {
  return saidIn(body).at(-1)?.text ?? '';
}

function sendError(call: Call, status: number, code: string, message: string): void {
  const type = 'invalid_request_error';
  sendJson(call, status, { error: { message, type, code, param: null } });
}

function givenKey({ request }: Call): string {
  return (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

/** What refuses this request: the server's own nature first, then the fault that was ordered. */
function refusalOf(
  state: ServerState,
  body: CreateBody,
  fault: FaultDetails | null,
): FaultDetails | null {
  const { models, unknownParameters } = state.settings;
  const unknown = unknownParameters.find((name) => name in body);
  if (unknown !== undefined) return { name: 'unknown_parameter', param: unknown };
  if (models !== null && !models.includes(body.model)) return { name: 'unknown_model' };
  return fault;
}

function receive(
  state: ServerState,
  call: Call,
  api: Api,
  body: CreateBody,
  fault: FaultDetails | null,
) {
  const prompt = promptOf(body);
  const header = call.request.headers['x-client-request-id'];
  return state.witness.receive({
    requestId: typeof header === 'string' ? header : null,
    promptSha256: createHash('sha256').update(prompt).digest('hex'),
    prompt,
    before: saidIn(body).slice(0, -1),
    api,
    model: body.model,
    stream: body.stream ?? false,
    background: body.background ?? false,
    metadata: body.metadata ?? {},
    fault: fault?.name ?? null,
  });
}

/** True when the request was refused, with the reply written. */
function refuse(call: Call, body: CreateBody, fault: FaultDetails | null): boolean {
  if (fault?.name === 'reset_before') {
    hangUp(call);
    return true;
  }
  if (fault === null || !isRefusal(fault.name)) return false;
  const asked = { model: body.model, prompt: promptOf(body), authorization: givenKey(call) };
  const reply = refusalReply({ ...fault, name: fault.name }, asked);
  for (const [name, value] of Object.entries(reply.headers)) call.response.setHeader(name, value);
  sendJson(call, reply.status, reply.body);
  return true;
}

function faultOf(state: ServerState, body: CreateBody): FaultDetails | null {
  const fault = state.settings.faultOf(promptOf(body));
  return fault === null ? null : detailsOf(fault);
}

async function create(state: ServerState, call: Call, api: Api): Promise<void> {
  const parsed = createBody.safeParse(JSON.parse(await readText(call.request)));
  if (!parsed.success) {
    sendError(call, 400, 'invalid_request', z.prettifyError(parsed.error));
    return;
  }
  const body = parsed.data;
  const natural = refusalOf(state, body, null);
  const fault = natural ?? state.takeFault(body.background === true) ?? faultOf(state, body);
  const order = receive(state, call, api, body, fault);
  if (refuse(call, body, fault)) {
    state.witness.note(order, 'refused');
    return;
  }
  await answer(state, call, {
    api,
    order,
    prompt: promptOf(body),
    before: saidIn(body).slice(0, -1),
    model: body.model,
    stream: body.stream ?? false,
    background: body.background ?? false,
    metadata: body.metadata ?? {},
    fault,
  });
}

function retrieve(state: ServerState, call: Call, id: string): void {
  if (state.failingFetches > 0) {
    state.failingFetches -= 1;
    sendError(call, 500, 'server_error', 'The server had an error.');
    return;
  }
  const known = state.responses.get(id);
  if (known === undefined) {
    sendError(call, 404, 'not_found', `Response with id '${id}' not found.`);
    return;
  }
  if (known.generation.status() === 'completed') state.witness.note(known.order, 'fetched');
  sendJson(call, 200, responseObject(known.generation));
}

async function cancel(state: ServerState, call: Call, id: string): Promise<void> {
  const known = state.responses.get(id);
  if (known === undefined) {
    sendError(call, 404, 'not_found', `Response with id '${id}' not found.`);
  } else if (known.generation.plan.background) {
    known.generation.cancel();
    await known.generation.done;
    sendJson(call, 200, responseObject(known.generation));
  } else {
    sendError(call, 400, 'invalid_request', 'Only background responses can be cancelled.');
  }
}

function modelObject(id: string) {
  return { id, object: 'model', created: 0, owned_by: 'planline' };
}

function oneModel(state: ServerState, call: Call, id: string): void {
  const { models, modelById } = state.settings;
  if (!modelById) {
    sendError(call, 404, 'unknown_url', `Unknown request URL: GET ${call.path}.`);
  } else if (models === null || models.includes(id)) {
    sendJson(call, 200, modelObject(id));
  } else {
    sendError(call, 404, 'model_not_found', `The model '${id}' does not exist`);
  }
}

function allModels(state: ServerState, call: Call): void {
  const data = (state.settings.models ?? ['test-model']).map(modelObject);
  sendJson(call, 200, { object: 'list', data });
}

export async function route(state: ServerState, call: Call): Promise<void> {
  if (call.request.headers.authorization !== `Bearer ${state.settings.apiKey}`) {
    sendError(call, 401, 'invalid_api_key', `Incorrect API key provided: ${givenKey(call)}.`);
    return;
  }
  const id = decodeURIComponent(call.path.split('/')[3] ?? '');
  const path = call.path.replace(/^(\/v1\/(?:responses|models))\/[^/]+/, '$1/ID');
  const address = `${call.request.method ?? ''} ${path}`;
  switch (address) {
    case 'POST /v1/responses':
      return await create(state, call, 'responses');
    case 'POST /v1/chat/completions':
      return await create(state, call, 'chat');
    case 'GET /v1/responses/ID':
      return retrieve(state, call, id);
    case 'POST /v1/responses/ID/cancel':
      return await cancel(state, call, id);
    case 'GET /v1/models':
      return allModels(state, call);
    case 'GET /v1/models/ID':
      return oneModel(state, call, id);
    default:
      return sendError(call, 404, 'unknown_url', `Unknown request URL: ${address}.`);
  }
}
