import type { ApiRequest } from "./api.ts";
import { authorized } from "./authorized.ts";
import type { Budget } from "./budget.ts";
import type { CredentialsSource } from "./credentials.ts";
import { logtoError } from "./errors.ts";
import { type ApiAnswer, type ApiStream, BODY_LIMIT_BYTES, createExchanges } from "./exchange.ts";
import type { HttpRequest, SendRequest } from "./http.ts";
import { createIdleTimer } from "./idle-timer.ts";
import { isRepeatable, type Operation } from "./operations.ts";
import { delayBeforeRepeatMs, MAXIMUM_ATTEMPTS, repeated } from "./repeat.ts";
import { type AccessToken, createTokenCache, type TokenCache } from "./token.ts";
import { fetchToken } from "./token-request.ts";

/** One HTTP request that was sent to Logto, for logs and metrics. */
export type SentCall = {
  readonly operation: Operation;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly durationMs: number;
};

/** On whose behalf a call is made. */
export type CallContext = {
  /** Ends the call, and any waiting for it. */
  readonly signal?: AbortSignal;
  /** Epoch milliseconds after which an answer is of no use: nothing is repeated beyond it. */
  readonly deadlineAt?: number;
  /** Told of every request sent, the token's excepted: that one serves everybody. */
  readonly onCall?: (call: SentCall) => void;
};

export type TransportOptions = {
  readonly credentials: CredentialsSource;
  readonly budget: Budget;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The same for a create or message with e-mail: Logto answers when the provider has. */
  readonly emailTimeoutMs: number;
  /** Instead of Node's HTTP client. */
  readonly http?: SendRequest;
  /** Told of every request sent, the token's included. */
  readonly onCall?: (call: SentCall) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
};

export type Transport = {
  /**
   * Makes one call: within the budget, authorized, in time, and repeated where repeating is safe.
   *
   * @param read gets a good answer. What it throws is an error of that attempt.
   * @returns what `read` made of the answer.
   * @throws LogtoError for every answer but a good one and for none; the reason of the caller's
   * signal when that ended the call.
   */
  readonly send: <Data, Result>(
    operation: Operation,
    context: CallContext,
    request: ApiRequest<Data>,
    read: (answer: ApiAnswer<Data>) => Result,
    kind?: CallKind,
  ) => Promise<Result>;
  /**
   * Makes one call whose answer is used while it comes. Until its first element is there it is
   * repeated like any other; what goes wrong after that is an error. How long the whole answer takes
   * does not matter, only how long nothing comes while it is waited for.
   *
   * @param read as in `send`, and gives the elements of the answer: a list for each piece that came.
   * @returns these lists, without the empty ones. Leaving them early ends the request.
   * @throws as `send`.
   */
  readonly stream: <Element>(
    operation: Operation,
    context: CallContext,
    request: ApiRequest,
    read: (answer: ApiStream) => ElementLists<Element>,
    kind?: CallKind,
  ) => ElementLists<Element>;
};

export type ElementLists<Element> = AsyncGenerator<readonly Element[], void, undefined>;

export type CallKind = {
  /** An e-mail is sent before the answer comes. */
  readonly email?: boolean;
  /** Largest answer accepted, in bytes; of one that is used while it comes. */
  readonly bodyLimitBytes?: number;
};

/** A timer cannot be set further ahead. */
const LONGEST_TIMER_MS = 2 ** 31;

export function createTransport(options: TransportOptions): Transport {
  const { credentials: source, budget, now = Date.now, random = Math.random } = options;
  const { begin, exchange } = createExchanges(options);

  const tokens: TokenCache = createTokenCache(async (credentials) => {
    // A tenant's limit is on requests of any kind.
    await budget.request();
    return fetchToken(credentials, exchange, options.timeoutMs);
  }, now);

  async function once<Data, Result>(
    operation: Operation,
    context: CallContext,
    request: ApiRequest<Data>,
    read: (answer: ApiAnswer<Data>) => Result,
    kind: CallKind,
  ): Promise<Result> {
    return authorized(source, tokens, context.signal, async (token) => {
      await budget.request(context.signal);
      const timeout = AbortSignal.timeout(kind.email ? options.emailTimeoutMs : options.timeoutMs);
      const signal = anySignal(context.signal, timeout);
      return exchange(operation, context, withToken(request, token, signal), read);
    });
  }

  /** What comes of one request, list by list. It is sent when the first is asked for. */
  async function* received<Element>(
    operation: Operation,
    context: CallContext,
    token: AccessToken,
    request: ApiRequest,
    read: (answer: ApiStream) => ElementLists<Element>,
    { bodyLimitBytes = BODY_LIMIT_BYTES }: CallKind,
  ): ElementLists<Element> {
    const { send, failure, end } = begin(operation, context);
    const idle = createIdleTimer(options.timeoutMs);
    const signal = anySignal(context.signal, idle.signal);
    const lists = (async function* () {
      const { status, chunks } = await send(withToken(request, token, signal));
      yield* read({ operation, status, chunks: chunks(bodyLimitBytes) });
    })();
    try {
      for (;;) {
        context.signal?.throwIfAborted();
        const list = await idle.wait(() => lists.next());
        if (list.done) return;
        if (list.value.length > 0) yield list.value;
      }
    } catch (error) {
      throw failure(error);
    } finally {
      // Who leaves early does not care how the rest would have ended.
      await lists.return().catch(() => {});
      end(idle.waitedMs());
    }
  }

  /** When to try again in place, in milliseconds from now; `undefined`: not, or not in time. */
  function repeatDelayMs(
    operation: Operation,
    { deadlineAt = Number.POSITIVE_INFINITY }: CallContext,
    attempt: number,
    error: unknown,
  ): number | undefined {
    if (!isRepeatable(operation) || attempt >= MAXIMUM_ATTEMPTS) return undefined;
    const delayMs = delayBeforeRepeatMs(error, attempt, random());
    return delayMs !== undefined && now() + delayMs < deadlineAt ? delayMs : undefined;
  }

  /** The messages of a batch have one deadline, and so one timer. */
  let lastDeadline: { readonly at: number; readonly signal: AbortSignal } | undefined;
  function deadlineSignal(at: number, leftMs: number): AbortSignal {
    if (lastDeadline?.at === at) return lastDeadline.signal;
    lastDeadline = { at, signal: AbortSignal.timeout(leftMs) };
    return lastDeadline.signal;
  }

  /** The caller's context with its deadline as a signal, and what is thrown when that is the end. */
  function inTime(operation: Operation, caller: CallContext) {
    const outOfTime = () =>
      logtoError("unavailable", "there was no time left for it", { operation, code: "deadline" });
    const { deadlineAt = Number.POSITIVE_INFINITY } = caller;
    const leftMs = Math.floor(deadlineAt - now());
    if (Number.isNaN(leftMs) || leftMs <= 0) throw outOfTime();
    const deadline = leftMs < LONGEST_TIMER_MS ? deadlineSignal(deadlineAt, leftMs) : undefined;
    const signal = anySignal(caller.signal, deadline);
    return {
      context: signal === undefined ? caller : { ...caller, signal },
      failure: (error: unknown) => (error === deadline?.reason ? outOfTime() : error),
    };
  }

  return {
    send: async (operation, caller, request, read, kind = {}) => {
      const { context, failure } = inTime(operation, caller);
      const attempt = () => once(operation, context, request, read, kind);
      // Logto holds two database connections for such a create, and has few.
      const isEmailCreate = kind.email && operation === "invitations.create";
      try {
        return await repeated(
          isEmailCreate ? () => budget.emailCreate(attempt, context.signal) : attempt,
          (error, attempts) => repeatDelayMs(operation, caller, attempts, error),
          context.signal,
        );
      } catch (error) {
        throw failure(error);
      }
    },

    stream: async function* (operation, caller, request, read, kind = {}) {
      const { context, failure } = inTime(operation, caller);
      const begin = async (token: AccessToken) => {
        await budget.request(context.signal);
        const lists = received(operation, context, token, request, read, kind);
        return { first: await lists.next(), lists };
      };
      try {
        const { first, lists } = await repeated(
          () => authorized(source, tokens, context.signal, begin),
          (error, attempts) => repeatDelayMs(operation, caller, attempts, error),
          context.signal,
        );
        try {
          if (!first.done) yield first.value;
          yield* lists;
        } finally {
          await lists.return();
        }
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

const withToken = (
  { method, path, body }: ApiRequest,
  { value, credentials }: AccessToken,
  signal: AbortSignal,
): HttpRequest => ({
  method,
  url: `${credentials.endpoint}${path}`,
  headers: {
    authorization: `Bearer ${value}`,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  },
  ...(body === undefined ? {} : { body }),
  signal,
});

function anySignal(...signals: readonly [AbortSignal | undefined, AbortSignal]): AbortSignal;
function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined;
function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
