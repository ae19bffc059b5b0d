import type { Answer } from "./answers.ts";
import type { Database } from "./database.ts";
import type { Email } from "./email.ts";
import type { FaultRequest } from "./faults.ts";
import type { State } from "./state.ts";

/** What a handler works with. */
export type Logto = {
  state: State;
  database: Database;
  email: Email;
  now: () => number;
};

export type ApiRequest = FaultRequest & {
  params: Record<string, string>;
  /** Scheme and host the client used, for Link headers. */
  origin: string;
};

export type Handler = (request: ApiRequest, logto: Logto) => Answer | Promise<Answer>;

/** A method with a path template, for example `GET /api/organizations/{id}`. */
export type Route = { operation: string; handle: Handler };

export type Match =
  | { kind: "route"; template: string; params: Record<string, string>; handle: Handler }
  | { kind: "otherMethod"; template: string; allowed: string[] }
  | { kind: "none" };

/** Builds the look-up from method and path to handler. A trailing slash is allowed, as in Logto. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const byTemplate = new Map<string, { pattern: RegExp; handlers: Map<string, Handler> }>();
  for (const { operation, handle } of routes) {
    const [method = "", template = ""] = operation.split(" ");
    const entry = byTemplate.get(template) ?? { pattern: patternOf(template), handlers: new Map() };
    byTemplate.set(template, entry);
    entry.handlers.set(method, handle);
  }

  return (method, path) => {
    for (const [template, { pattern, handlers }] of byTemplate) {
      const found = pattern.exec(path);
      if (!found) continue;
      const handle = handlers.get(method);
      if (!handle) return { kind: "otherMethod", template, allowed: [...handlers.keys()] };
      const params = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, decode(value)]),
      );
      return { kind: "route", template, params, handle };
    }
    return { kind: "none" };
  };
}

/** A path parameter by name. */
export function param(request: ApiRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The route has no parameter ${name}.`);
  return value;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`, "i");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
