import type { createApiClient } from "@logto/api/management";
import type { Client, FetchResponse, ParamsOption, RequestBodyOption } from "openapi-fetch";

/**
 * Logto's own description of its Management API, as types. Nothing of that package is run.
 * It does not export the description itself, only a client that is made of it.
 */
type Paths = ReturnType<typeof createApiClient> extends Client<infer P> ? P : never;

type Method = "get" | "post" | "put" | "delete";

type PathOf<M extends Method> = {
  [P in keyof Paths & string]: Paths[P] extends { readonly [method in M]: object } ? P : never;
}[keyof Paths & string];

/** A request of the Management API, and as a type what Logto's description says it answers. */
export type ApiRequest<Data = unknown> = {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** Never there: it only says what `Data` is. */
  readonly answers?: Data;
};

type DataOf<Operation> =
  Operation extends Record<string | number, unknown>
    ? NonNullable<FetchResponse<Operation, object, `${string}/${string}`>["data"]>
    : never;

type Parameters = {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string | number | undefined>>;
  };
  readonly body?: unknown;
};

/**
 * Writes a request of the Management API, checked against Logto's description.
 *
 * @param path its template, such as `/api/organizations/{id}`.
 */
export function apiRequest<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  parameters: Parameters & ParamsOption<Paths[P][M]> & RequestBodyOption<Paths[P][M]>,
): ApiRequest<DataOf<Paths[P][M]>> {
  const { params = {}, body }: Parameters = parameters;
  const { path: values = {}, query = {} } = params;
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return {
    method: METHODS[method],
    path: search.size === 0 ? filled : `${filled}?${search}`,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

const METHODS = { get: "GET", post: "POST", put: "PUT", delete: "DELETE" } as const;
