import { type Answer, LogtoError, ok } from "./answers.ts";
import type { ApiRequest } from "./route.ts";

export type Page = { number: number; size: number };

const defaultPageSize = 20;
const maxPageSize = 100;

/**
 * Reads `page` and `page_size`, before anything else about the request is looked at.
 * @throws {LogtoError} 400 `guard.invalid_pagination`
 */
export function readPage({ query }: ApiRequest): Page {
  return {
    number: positive(query.getAll("page"), 1, Number.POSITIVE_INFINITY),
    size: positive(query.getAll("page_size"), defaultPageSize, maxPageSize),
  };
}

/** As `readPage`, for lists that come whole when neither parameter is given. */
export function readOptionalPage(request: ApiRequest): Page | undefined {
  const { query } = request;
  return query.get("page") || query.get("page_size") ? readPage(request) : undefined;
}

/** Answers one page with `Total-Number` and `Link`; everything when there is no page. */
export function answerPage<Item>(
  request: ApiRequest,
  items: readonly Item[],
  page: Page | undefined,
  present: (item: Item) => unknown = (item) => item,
): Answer {
  if (!page) return ok(items.map(present));
  const first = (page.number - 1) * page.size;
  return ok(items.slice(first, first + page.size).map(present), {
    "total-number": String(items.length),
    link: links(request, page, Math.ceil(items.length / page.size) || 1),
  });
}

function positive(given: string[], fallback: number, max: number): number {
  if (given.every((text) => text === "")) return fallback;
  const value = given.length === 1 ? Number(given[0]) : Number.NaN;
  if (!(value > 0 && value <= max)) throw new LogtoError(400, "guard.invalid_pagination");
  return value;
}

/** Logto builds these below the mount point of its API, so they lose the `/api` prefix. */
function links({ origin, path, query }: ApiRequest, page: Page, last: number): string[] {
  const link = (number: number, relation: string) => {
    const search = new URLSearchParams([...query].filter(([name]) => name !== "page"));
    search.append("page", String(number));
    return `<${origin}${path.replace(/^\/api/, "")}?${search}>; rel="${relation}"`;
  };
  return [
    link(1, "first"),
    link(last, "last"),
    ...(page.number > 1 ? [link(page.number - 1, "prev")] : []),
    ...(page.number < last ? [link(page.number + 1, "next")] : []),
  ];
}
