import { errorOf, unexpectedAnswer, withBodyLimit } from "./answer.ts";
import type { Budget } from "./budget.ts";
import type { Credentials, CredentialsSource } from "./credentials.ts";
import { LogtoError, logtoError, UnauthorizedError } from "./errors.ts";
import { isRepeatable, type Operation } from "./operations.ts";
import { delayBeforeRepeatMs, MAXIMUM_ATTEMPTS, repeated } from "./repeat.ts";
import { type AccessToken, createTokenCache, sameClient, type TokenCache } from "./token.ts";
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
  readonly fetch?: typeof globalThis.fetch;
  /** Told of every request sent, the token's included. */
  readonly onCall?: (call: SentCall) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
};

/** What a typed request function is given for one attempt. */
export type AttemptOptions = {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly fetch: (request: Request) => Promise<Response>;
};

export type Transport = {
  /**
   * Makes one call: within the budget, authorized, in time, and repeated where repeating is safe.
   *
   * @param run sends the typed request with the given options; it is called once per attempt.
   * @returns what `run` made of the answer.
   * @throws LogtoError for every answer but a good one and for none; the reason of the caller's
   * signal when that ended the call.
   */
  readonly send: <Result>(
    operation: Operation,
    context: CallContext,
    run: (options: AttemptOptions) => Promise<Result>,
    kind?: CallKind,
  ) => Promise<Result>;
};

export type CallKind = {
  /** An e-mail is sent before the answer comes. */
  readonly email?: boolean;
  /** Largest answer accepted, in bytes. */
  readonly bodyLimitBytes?: number;
};

const BODY_LIMIT_BYTES = 16_777_216;

/** A timer cannot be set further ahead. */
const LONGEST_TIMER_MS = 2 ** 31;

export function createTransport(options: TransportOptions): Transport {
  const { credentials: source, budget, now = Date.now, random = Math.random } = options;

  const tokens: TokenCache = createTokenCache((credentials) => {
    const signal = AbortSignal.timeout(options.timeoutMs);
    return exchange("token", {}, (fetch) => fetchToken(credentials, fetch, signal));
  }, now);

  /** Runs one request, tells who listens, and turns what can go wrong into a LogtoError. */
  async function exchange<Result>(
    operation: Operation,
    context: CallContext,
    run: (fetch: (request: Request) => Promise<Response>) => Promise<Result>,
    bodyLimitBytes = BODY_LIMIT_BYTES,
  ): Promise<Result> {
    const startedAt = performance.now();
    let status: number | undefined;
    let answered: Response | undefined;
    try {
      return await run(async (request) => {
        const response = await (options.fetch ?? globalThis.fetch)(request);
        status = response.status;
        if (!response.ok) throw await errorOf(operation, response);
        answered = withBodyLimit(operation, response, bodyLimitBytes);
        return answered;
      });
    } catch (error) {
      throw failureOf(error, operation, context, answered);
    } finally {
      const call = {
        operation,
        ...(status === undefined ? {} : { status }),
        durationMs: performance.now() - startedAt,
      };
      options.onCall?.(call);
      context.onCall?.(call);
    }
  }

  /** Runs `attempt` with a token, a new one when it is refused, and a freshly read secret after that. */
  async function authorized<Result>(
    context: CallContext,
    attempt: (token: AccessToken) => Promise<Result>,
  ): Promise<Result> {
    const credentials = await abortable(source.get(), context.signal);
    let refused: AccessToken | undefined;
    const tryWith = async (token: Promise<AccessToken>): Promise<Result> => {
      refused = await abortable(token, context.signal);
      return attempt(refused);
    };
    const unlessUnauthorized = (error: unknown): UnauthorizedError => {
      if (error instanceof UnauthorizedError) return error;
      throw error;
    };
    const replacement = (anew: Credentials): Promise<AccessToken> =>
      refused === undefined ? tokens.get(anew) : tokens.replace(refused, anew);

    let refusal: UnauthorizedError;
    try {
      return await tryWith(tokens.get(credentials));
    } catch (error) {
      refusal = unlessUnauthorized(error);
    }
    if (refusal.operation !== "token") {
      try {
        return await tryWith(replacement(credentials));
      } catch (error) {
        refusal = unlessUnauthorized(error);
      }
    }
    const fresh = await abortable(source.refresh(), context.signal);
    if (sameClient(fresh, credentials)) throw refusal;
    return tryWith(replacement(fresh));
  }

  async function once<Result>(
    operation: Operation,
    context: CallContext,
    run: (options: AttemptOptions) => Promise<Result>,
    kind: CallKind,
  ): Promise<Result> {
    return authorized(context, async (token) => {
      await budget.request(context.signal);
      const timeout = AbortSignal.timeout(kind.email ? options.emailTimeoutMs : options.timeoutMs);
      const signal = context.signal ? AbortSignal.any([context.signal, timeout]) : timeout;
      return exchange(
        operation,
        context,
        (fetch) =>
          run({
            baseUrl: token.credentials.endpoint,
            headers: { authorization: `Bearer ${token.value}` },
            signal,
            fetch,
          }),
        kind.bodyLimitBytes,
      );
    });
  }

  /** The messages of a batch have one deadline, and so one timer. */
  let lastDeadline: { readonly at: number; readonly signal: AbortSignal } | undefined;
  function deadlineSignal(at: number, leftMs: number): AbortSignal {
    if (lastDeadline?.at === at) return lastDeadline.signal;
    lastDeadline = { at, signal: AbortSignal.timeout(leftMs) };
    return lastDeadline.signal;
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

  return {
    send: async (operation, caller, run, kind = {}) => {
      const outOfTime = () =>
        logtoError("unavailable", "there was no time left for it", { operation, code: "deadline" });
      const { deadlineAt = Number.POSITIVE_INFINITY } = caller;
      const leftMs = Math.floor(deadlineAt - now());
      if (Number.isNaN(leftMs) || leftMs <= 0) throw outOfTime();
      const deadline = leftMs < LONGEST_TIMER_MS ? deadlineSignal(deadlineAt, leftMs) : undefined;
      const signal = either(caller.signal, deadline);
      const context = signal === undefined ? caller : { ...caller, signal };
      const attempt = () => once(operation, context, run, kind);
      // Logto holds two database connections for such a create, and has few.
      const isEmailCreate = kind.email && operation === "invitations.create";
      try {
        return await repeated(
          isEmailCreate ? () => budget.emailCreate(attempt, context.signal) : attempt,
          (error, attempts) => repeatDelayMs(operation, caller, attempts, error),
          context.signal,
        );
      } catch (error) {
        throw error === deadline?.reason ? outOfTime() : error;
      }
    },
  };
}

/** What an attempt ended in, as a LogtoError; the caller's own reason where the caller ended it. */
function failureOf(
  error: unknown,
  operation: Operation,
  context: CallContext,
  answered: Response | undefined,
): unknown {
  if (error instanceof LogtoError) return error;
  if (context.signal?.aborted) return context.signal.reason;
  if (error instanceof Error && error.name === "TimeoutError") {
    return logtoError("unavailable", "Logto did not answer in time", {
      operation,
      code: "timeout",
    });
  }
  if (error instanceof SyntaxError && answered !== undefined) {
    return unexpectedAnswer(operation, answered, "not-json");
  }
  if (error instanceof TypeError) {
    const code = networkCode(error) ?? "connection-failed";
    return logtoError("unavailable", "the connection to Logto failed", { operation, code });
  }
  return error;
}

/** `fetch` throws a TypeError whose cause says what the network said, such as ECONNREFUSED. */
function networkCode(error: Error): string | undefined {
  const { cause } = error;
  if (!(cause instanceof Error) || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}

const either = (one?: AbortSignal, other?: AbortSignal): AbortSignal | undefined =>
  one && other ? AbortSignal.any([one, other]) : (one ?? other);

/** Waits for something shared: an abort ends the waiting, not the thing waited for. */
function abortable<Result>(shared: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    // Listened to in any case, or its failure would be nobody's and end the process.
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}
