import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import * as v from "valibot";
import type { Dice } from "./dice.ts";

/** What the proxy in front of Logto does to a request. */
export type Fault =
  | "server-error"
  | "lost-response"
  | "dropped"
  | "slow"
  | "tenant-limit"
  | "recipient-limit"
  | "email-outage";

export type LogtoProxy = {
  readonly endpoint: string;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<Fault, number>;
  /** Every token seen in an authorization header or a token answer. */
  readonly tokens: ReadonlySet<string>;
  /** While it is true every e-mail fails. */
  emailOutage: boolean;
  /** While it is true requests go through untouched. */
  calm: boolean;
  readonly stop: () => Promise<void>;
};

/** Probabilities, one after the other on the same roll. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ["server-error", 0.05],
  ["lost-response", 0.03],
  ["dropped", 0.02],
  ["slow", 0.02],
  ["tenant-limit", 0.01],
  ["recipient-limit", 0.01],
];

/**
 * Stands in front of a Logto and fails at random. What happens to a request is decided by the seed,
 * by what the request is about, and by how often it came: not by when.
 *
 * @param slowMs longer than the client waits.
 */
export async function startLogtoProxy(
  target: string,
  dice: Dice,
  slowMs: number,
): Promise<LogtoProxy> {
  const struck = new Map<Fault, number>();
  const tokens = new Set<string>();
  const seen = new Map<string, number>();
  const subjects = new Map<string, string>();

  const proxy = { emailOutage: false, calm: false };
  const server = createServer(async (incoming, outgoing) => {
    try {
      await pass(incoming, outgoing);
    } catch {
      incoming.socket.destroy();
    }
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const text = body.toString();
    const { authorization = "" } = incoming.headers;
    if (authorization.startsWith("Bearer ")) tokens.add(authorization.slice(7));
    const fault = proxy.calm ? undefined : faultOf(incoming, text);
    if (fault !== undefined) struck.set(fault, (struck.get(fault) ?? 0) + 1);
    if (fault === "dropped") return void incoming.socket.destroy();
    const instead = fault === undefined ? undefined : answerInstead(fault, dice, text);
    if (instead !== undefined) {
      outgoing.writeHead(instead.status, instead.headers).end(instead.body);
      return;
    }
    const answer = await fetch(`${target}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: forwarded(incoming),
      ...(body.length === 0 ? {} : { body }),
    });
    const answered = await answer.text();
    note(answered);
    if (fault === "lost-response") return void incoming.socket.destroy();
    if (fault === "slow") await wait(slowMs);
    outgoing.writeHead(answer.status, headersOf(answer)).end(answered);
  }

  function faultOf(incoming: IncomingMessage, body: string): Fault | undefined {
    const url = incoming.url ?? "";
    const sendsEmail = /"messagePayload":\{/.test(body) || url.endsWith("/message");
    if (proxy.emailOutage && sendsEmail) return "email-outage";
    const subject = `${incoming.method} ${subjectOf(url)} ${body}`;
    const times = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, times);
    const fault = rolled(dice.roll(`${subject} ${times}`));
    return fault === "recipient-limit" && !sendsEmail ? undefined : fault;
  }

  /** Ids differ from run to run: what they name does not. */
  const subjectOf = (url: string): string =>
    url.replace(/(?<=organization-invitations\/)[^/?]+/, (id) => subjects.get(id) ?? id);

  function note(answer: string): void {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), noted), answer);
    if (!parsed.success) return;
    const { id, invitee, expiresAt, access_token } = parsed.output;
    if (access_token !== undefined) tokens.add(access_token);
    if (id !== undefined && invitee !== undefined) subjects.set(id, `${invitee} ${expiresAt}`);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return Object.assign(proxy, {
    endpoint: `http://127.0.0.1:${port}`,
    struck,
    tokens,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function rolled(roll: number): Fault | undefined {
  let left = roll;
  for (const [fault, probability] of FAULTS) {
    left -= probability;
    if (left < 0) return fault;
  }
  return undefined;
}

const noted = v.object({
  id: v.optional(v.string()),
  invitee: v.optional(v.string()),
  expiresAt: v.optional(v.number()),
  access_token: v.optional(v.string()),
});

type Instead = { status: number; headers: Record<string, string>; body: string };

function answerInstead(fault: Fault, dice: Dice, body: string): Instead | undefined {
  const json = { "content-type": "application/json" };
  const plain = { "content-type": "text/plain" };
  switch (fault) {
    case "server-error": {
      const status = dice.pick(`status ${body}`, [500, 502, 503]);
      return { status, headers: plain, body: "Sorry" };
    }
    case "tenant-limit":
      return { status: 429, headers: plain, body: "Too Many Requests" };
    case "recipient-limit":
      return { status: 429, headers: json, body: '{"code":"request.message_rate_limited"}' };
    case "email-outage":
      // The real one quotes the connector's request, too.
      return {
        status: 400,
        headers: json,
        body: `{"code":"connector.general","data":${body || "{}"}}`,
      };
    default:
      return undefined;
  }
}

function forwarded({ headers }: IncomingMessage): Record<string, string> {
  const names = ["authorization", "content-type"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}

const headersOf = (answer: Response): Record<string, string> =>
  Object.fromEntries(
    ["content-type", "logto-core-request-id", "total-number"].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
