import { errorOf } from "./answer.ts";
import { failureOf } from "./failure.ts";
import { createHttp, type HttpAnswer, type HttpRequest, type SendRequest } from "./http.ts";
import type { Operation } from "./operations.ts";
import type { CallContext, SentCall } from "./transport.ts";

/** A good answer to a request. */
export type ApiAnswer<Data> = Pick<HttpAnswer, "status" | "header"> & {
  readonly operation: Operation;
  /**
   * The body, as Logto's description promises it: see for yourself whether it is; `undefined` when empty.
   *
   * @throws SyntaxError when it is no JSON.
   */
  readonly json: () => Data | undefined;
};

/** A good answer that is used while it comes. */
export type ApiStream = Pick<HttpAnswer, "status"> & {
  readonly operation: Operation;
  readonly chunks: AsyncIterable<Uint8Array>;
};

/** One request and its answer, under way. */
export type Begun = {
  /** @throws LogtoError for every answer but a good one. */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  /** What an error of the sending or reading means: a LogtoError, or the caller's own reason. */
  readonly failure: (error: unknown) => unknown;
  /** Tells who listens that it has ended, and how long it took. */
  readonly end: (durationMs?: number) => void;
};

/** Sends a request and reads its answer whole. */
export type Exchange = <Data, Result>(
  operation: Operation,
  context: CallContext,
  request: HttpRequest,
  read: (answer: ApiAnswer<Data>) => Result,
) => Promise<Result>;

/** The longest body that is taken, unless more is expected. */
export const BODY_LIMIT_BYTES = 16_777_216;

/**
 * Single requests to Logto: no budget, no token, no repeating.
 *
 * @param options.onCall told of every request sent.
 */
export function createExchanges({
  http = createHttp(),
  onCall,
}: {
  readonly http?: SendRequest;
  readonly onCall?: (call: SentCall) => void;
} = {}): {
  readonly begin: (operation: Operation, context: CallContext) => Begun;
  readonly exchange: Exchange;
} {
  function begin(operation: Operation, context: CallContext): Begun {
    const startedAt = performance.now();
    let status: number | undefined;
    let isGood = false;
    return {
      send: async (request) => {
        const answer = await http(request);
        status = answer.status;
        isGood = status >= 200 && status < 300;
        if (!isGood) throw await errorOf(operation, answer);
        return answer;
      },
      failure: (error) => failureOf(error, operation, context.signal, isGood ? status : undefined),
      end: (durationMs = performance.now() - startedAt) => {
        const call = { operation, ...(status === undefined ? {} : { status }), durationMs };
        onCall?.(call);
        context.onCall?.(call);
      },
    };
  }

  return {
    begin,
    exchange: async (operation, context, request, read) => {
      const { send, failure, end } = begin(operation, context);
      try {
        const { status, header, text } = await send(request);
        const body = await text(BODY_LIMIT_BYTES);
        const json = () => (body === "" ? undefined : JSON.parse(body));
        return read({ operation, status, header, json });
      } catch (error) {
        throw failure(error);
      } finally {
        end();
      }
    },
  };
}
