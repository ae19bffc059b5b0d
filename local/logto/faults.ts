/** What can be told apart when a fault is matched. `template` is the path with `{id}` in place of ids. */
export type FaultRequest = {
  method: string;
  template: string;
  path: string;
  query: URLSearchParams;
  /** The parsed body, or undefined when there is none or it is no JSON. */
  body: unknown;
};

export type FaultAction =
  /** Answer this instead of handling the request. A string body goes out as text. */
  | { kind: "answer"; status: number; body?: unknown; headers?: Record<string, string> }
  /** Wait before handling, or before answering. */
  | { kind: "delay"; beforeMs?: number; afterMs?: number }
  /** Handle the request, then destroy the connection instead of answering. */
  | { kind: "lostResponse" }
  /** Destroy the connection before handling anything. */
  | { kind: "droppedConnection" }
  /** The e-mail provider fails; Logto's answer carries the connector's own request. */
  | { kind: "emailOutage" }
  /** The e-mail takes this long. */
  | { kind: "emailDelay"; delayMs: number }
  | { kind: "noEmailTemplate" }
  | { kind: "noEmailConnector" }
  /** The token endpoint hands out a token that may do nothing. */
  | { kind: "tokenWithoutScope" };

export type Fault = {
  /** `"POST /api/organization-invitations"`, with templates as in `operations`; `"*"`; or a predicate. */
  on: string | ((request: FaultRequest) => boolean);
  action: FaultAction;
  /** How often it strikes; without it, until it is taken away. */
  times?: number;
  /** Asked each time the request matches; false lets the request through. For example `() => random() < 0.2`. */
  chance?: () => boolean;
};

export type Faults = {
  /** Adds a fault and returns what takes it away again. */
  add(fault: Fault): () => void;
  clear(): void;
  /** How many times any fault has struck. */
  struck(): number;
  /** The actions due for this request now. Each one returned has struck. */
  take(phase: FaultPhase, request: FaultRequest): FaultAction[];
};

/** An e-mail fault strikes when an e-mail is sent, a token fault when a token is made; all others on arrival. */
export type FaultPhase = "arrival" | "email" | "token";

export function createFaults(): Faults {
  const active = new Map<Fault, { left: number }>();
  let struck = 0;

  return {
    add(fault) {
      const own = { ...fault };
      active.set(own, { left: own.times ?? Number.POSITIVE_INFINITY });
      return () => {
        active.delete(own);
      };
    },
    clear: () => active.clear(),
    struck: () => struck,
    take(phase, request) {
      const due: FaultAction[] = [];
      for (const [fault, state] of active) {
        if (phaseOf(fault.action) !== phase || !matches(fault, request)) continue;
        if (fault.chance && !fault.chance()) continue;
        struck += 1;
        state.left -= 1;
        if (state.left <= 0) active.delete(fault);
        due.push(fault.action);
      }
      return due;
    },
  };
}

/** The answers an outage is made of, ready to be given to `faults.add`. */
export const faultAnswers = {
  badGateway: { kind: "answer", status: 502, body: "Bad Gateway" },
  serverErrorAsText: { kind: "answer", status: 500, body: "Internal Server Error" },
  tooManyRequests: { kind: "answer", status: 429, body: "Too Many Requests" },
  notJson: {
    kind: "answer",
    status: 200,
    body: "<!doctype html><title>Sign in</title>",
    headers: { "content-type": "text/html" },
  },
} as const satisfies Record<string, FaultAction>;

/** 503 with `Retry-After` in seconds, as a proxy in front of Logto answers. */
export function unavailable(retryAfterSeconds: number): FaultAction {
  return {
    kind: "answer",
    status: 503,
    body: "Service Unavailable",
    headers: { "retry-after": String(retryAfterSeconds) },
  };
}

/** A JSON answer of at least this many bytes. */
export function oversizedBody(bytes: number): FaultAction {
  return { kind: "answer", status: 200, body: { padding: "x".repeat(bytes) } };
}

function phaseOf(action: FaultAction): FaultPhase {
  switch (action.kind) {
    case "emailOutage":
    case "emailDelay":
    case "noEmailTemplate":
    case "noEmailConnector":
      return "email";
    case "tokenWithoutScope":
      return "token";
    default:
      return "arrival";
  }
}

function matches(fault: Fault, request: FaultRequest): boolean {
  if (typeof fault.on === "function") return fault.on(request);
  return fault.on === "*" || fault.on === `${request.method} ${request.template}`;
}
