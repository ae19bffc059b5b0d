import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, internalServerError, LogtoError, notFoundText } from "./answers.ts";
import { type Body, readBody } from "./body.ts";
import type { CallRecorder } from "./calls.ts";
import { connectorRoutes } from "./connectors.ts";
import { DatabaseFailure } from "./database.ts";
import type { FaultAction, FaultRequest, Faults } from "./faults.ts";
import { invitationRoutes } from "./invitations.ts";
import { oneTimeTokenRoutes } from "./one-time-tokens.ts";
import { organizationRoleRoutes } from "./organization-roles.ts";
import { organizationRoutes } from "./organizations.ts";
import { resourceRoutes } from "./resources.ts";
import { createRouter, type Logto, type Match } from "./route.ts";
import type { Tokens } from "./token.ts";
import { userRoutes } from "./users.ts";

const match = createRouter([
  ...invitationRoutes,
  ...organizationRoleRoutes,
  ...resourceRoutes,
  ...organizationRoutes,
  ...userRoutes,
  ...oneTimeTokenRoutes,
  ...connectorRoutes,
]);

const tooManyRequests: Answer = { status: 429, text: "Too Many Requests" };

const tokenPath = "/oidc/token";

type ListenerOptions = {
  logto: Logto;
  tokens: Tokens;
  faults: Faults;
  calls: CallRecorder;
  requestLimit: { requests: number; perMs: number } | undefined;
};

/** One request from its first byte to its answer: faults, limit, route, token, body, handler. */
export function createListener(options: ListenerOptions): RequestListener {
  const { logto, faults, calls } = options;
  const withinLimit = createRequestLimit(options.requestLimit, logto.now);

  return async (incoming, outgoing) => {
    const method = incoming.method ?? "GET";
    const origin = `http://${incoming.headers.host ?? "127.0.0.1"}`;
    const { pathname: path, searchParams: query } = new URL(`${origin}${incoming.url ?? "/"}`);
    const matched = match(method, path);
    const template = templateOf(matched, path);
    const finish = calls.start(`${method} ${template}`, path, logto.now());

    const body = await readBody(incoming).catch(() => undefined);
    if (!body) {
      // The client went away while its request was being read.
      finish(0);
      return;
    }
    const request: FaultRequest = { method, template, path, query, body: contentOf(body) };
    const actions = faults.take("arrival", request);
    await wait(actions, "beforeMs");
    if (has(actions, "droppedConnection")) {
      finish(0);
      incoming.socket.destroy();
      return;
    }

    const injected = actions.find((action) => action.kind === "answer");
    const answer = injected
      ? injectedAnswer(injected)
      : withinLimit()
        ? await answerOf({ ...request, origin }, matched, body, incoming, options)
        : tooManyRequests;

    await wait(actions, "afterMs");
    if (has(actions, "lostResponse")) {
      finish(0);
      incoming.socket.destroy();
      return;
    }
    finish(answer.status);
    send(answer, outgoing, !injected);
  };
}

async function answerOf(
  request: FaultRequest & { origin: string },
  matched: Match,
  body: Body,
  incoming: IncomingMessage,
  options: ListenerOptions,
): Promise<Answer> {
  try {
    return request.path === tokenPath
      ? await answerToken(request, body, incoming, options)
      : await answerApi(request, matched, body, incoming, options);
  } catch (error) {
    if (error instanceof LogtoError) return error.answer();
    if (error instanceof DatabaseFailure) return internalServerError;
    return { status: 500, text: `The stand-in for Logto has a bug. ${String(error)}` };
  }
}

function answerToken(
  request: FaultRequest,
  body: Body,
  { headers }: IncomingMessage,
  { logto, tokens }: ListenerOptions,
): Answer | Promise<Answer> {
  if (request.method !== "POST") return notFoundText;
  const form = body.kind === "form" ? body.value : new URLSearchParams();
  return logto.database.query(() => tokens.exchange(form, headers.authorization, request));
}

/** The token is looked at only where there is a route, and the body only after the token. */
function answerApi(
  request: FaultRequest & { origin: string },
  matched: Match,
  body: Body,
  { headers }: IncomingMessage,
  { logto, tokens }: ListenerOptions,
): Answer | Promise<Answer> {
  if (matched.kind === "none") return notFoundText;
  if (matched.kind === "otherMethod") {
    const allow = matched.allowed.join(", ");
    return { status: 405, text: "Method Not Allowed", headers: { allow } };
  }
  tokens.authorize(headers.authorization);
  if (request.method === "POST" || request.method === "PUT") {
    if (body.kind === "tooLarge") return notFoundText;
    if (body.kind === "malformed") return { status: 400, json: { message: "Malformed JSON." } };
  }
  return matched.handle({ ...request, params: matched.params }, logto);
}

function send(answer: Answer, outgoing: ServerResponse, fromLogto: boolean): void {
  const { json, text } = answer;
  const content = text ?? (json === undefined ? undefined : JSON.stringify(json));
  if (fromLogto) outgoing.setHeader("logto-core-request-id", randomUUID());
  if (content !== undefined) {
    const type = text === undefined ? "application/json" : "text/plain";
    outgoing.setHeader("content-type", `${type}; charset=utf-8`);
    outgoing.setHeader("content-length", Buffer.byteLength(content));
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    outgoing.setHeader(name, value);
  }
  outgoing.writeHead(answer.status).end(content);
}

function injectedAnswer(action: Extract<FaultAction, { kind: "answer" }>): Answer {
  const { status, body, headers = {} } = action;
  return typeof body === "string"
    ? { status, text: body, headers }
    : { status, json: body, headers };
}

/** As Logto Cloud documents it: a bucket of so many requests, which fills up again in so many milliseconds. */
function createRequestLimit(
  limit: ListenerOptions["requestLimit"],
  now: () => number,
): () => boolean {
  let left = limit?.requests ?? 0;
  let filledAt = now();
  return () => {
    if (!limit) return true;
    const more = ((now() - filledAt) / limit.perMs) * limit.requests;
    left = Math.min(limit.requests, left + more);
    filledAt = now();
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

function templateOf(matched: Match, path: string): string {
  if (matched.kind !== "none") return matched.template;
  return path === tokenPath ? tokenPath : "(unknown)";
}

function contentOf(body: Body): unknown {
  switch (body.kind) {
    case "json":
    case "text":
      return body.value;
    case "form":
      return Object.fromEntries(body.value);
    default:
      return undefined;
  }
}

function has(actions: readonly FaultAction[], kind: FaultAction["kind"]): boolean {
  return actions.some((action) => action.kind === kind);
}

async function wait(actions: readonly FaultAction[], when: "beforeMs" | "afterMs"): Promise<void> {
  const delayMs = actions.reduce(
    (sum, action) => sum + (action.kind === "delay" ? (action[when] ?? 0) : 0),
    0,
  );
  if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
}
