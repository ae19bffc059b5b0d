import * as v from "valibot";
import type { Target } from "./harness.ts";
import { createRequestBudget } from "./request-budget.ts";

export type Reply = {
  status: number;
  /** `code` of a JSON error body. */
  code: string | undefined;
  /** The parsed body; undefined when it is no JSON. */
  json: unknown;
  text: string;
  headers: Headers;
};

export type CallOptions = {
  query?: Record<string, string> | [name: string, value: string][];
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, declared as JSON. */
  rawBody?: string;
  /** Instead of the shared token; null sends no authorization header. */
  token?: string | null;
  headers?: Record<string, string>;
};

export type Http = {
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Sends all of them at the same moment. */
  atOnce(calls: readonly (() => Promise<Reply>)[]): Promise<Reply[]>;
  /** POST /oidc/token; the client goes into a basic authorization header when it is given. */
  requestToken(form: Record<string, string>, basic?: [id: string, secret: string]): Promise<Reply>;
};

/** Raw HTTP within the target's request budget; one token is shared by all calls. */
export function createHttp(target: Target): Http {
  const budget = createRequestBudget(target.requestsPerSecond);
  let sharedToken: Promise<string> | undefined;

  async function send(path: string, init: RequestInit): Promise<Reply> {
    await budget.take();
    const response = await fetch(`${target.endpoint}${path}`, init);
    const text = await response.text();
    const json = parseJson(text);
    const error = v.safeParse(errorSchema, json);
    const code = error.success ? error.output.code : undefined;
    return { status: response.status, code, json, text, headers: response.headers };
  }

  function requestToken(
    form: Record<string, string>,
    basic?: [id: string, secret: string],
  ): Promise<Reply> {
    const client = basic?.map(encodeURIComponent).join(":");
    return send("/oidc/token", {
      method: "POST",
      headers: client ? { authorization: `Basic ${btoa(client)}` } : {},
      body: new URLSearchParams(form),
    });
  }

  async function fetchToken(): Promise<string> {
    const { endpoint, appId, appSecret, resource } = target;
    const form = { grant_type: "client_credentials", resource, scope: "all" };
    const reply = await requestToken(form, [appId, appSecret]);
    if (reply.status === 200) return v.parse(tokenSchema, reply.json).access_token;
    throw new Error(
      `${endpoint} gave no token (${reply.status} ${reply.code}): check LOGTO_APP_ID, LOGTO_APP_SECRET and LOGTO_RESOURCE.`,
    );
  }

  async function token(): Promise<string> {
    sharedToken ??= fetchToken();
    return sharedToken;
  }

  return {
    requestToken,

    async call(method, path, options = {}) {
      const { query, body, rawBody, headers = {} } = options;
      const bearer = options.token === undefined ? await token() : options.token;
      const content = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
      return send(query ? `${path}?${new URLSearchParams(query)}` : path, {
        method,
        headers: {
          ...headers,
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          ...(content !== undefined && { "content-type": "application/json" }),
        },
        ...(content !== undefined && { body: content }),
      });
    },

    async atOnce(calls) {
      await token();
      await budget.prepay(calls.length);
      return Promise.all(calls.map((call) => call()));
    },
  };
}

const errorSchema = v.object({ code: v.string() });
const tokenSchema = v.object({ access_token: v.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
