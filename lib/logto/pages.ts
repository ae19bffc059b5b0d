import type { HttpAnswer } from "./http.ts";

/** Logto gives at most this many to a page. */
const PAGE_SIZE = 100;

/** One page, and how many there are over all pages where the answer says so. */
export type Page<Entity> = { readonly entities: readonly Entity[]; readonly total?: number };

/**
 * Everything of a paged list, a page at a time, as it is asked for. Pages are counted: the `Link`
 * headers of Logto lose the `/api` of the path.
 *
 * @param fetchPage gets the query of one page.
 */
export async function* allPages<Entity>(
  fetchPage: (query: { page: number; page_size: number }) => Promise<Page<Entity>>,
): AsyncGenerator<Entity, void, undefined> {
  for (let page = 1; ; page++) {
    const { entities, total } = await fetchPage({ page, page_size: PAGE_SIZE });
    yield* entities;
    const isLast = total === undefined ? entities.length < PAGE_SIZE : page * PAGE_SIZE >= total;
    if (isLast || entities.length === 0) return;
  }
}

/** How often a list is read that changes while it is read. */
const MAXIMUM_READS = 3;

/**
 * The whole of a paged list. Where something is created, renamed or deleted between two pages, what
 * follows moves by one: an entity would be missing, or there twice. So the list is read again, as it is
 * when a page holds less than its total promises.
 *
 * One change is not noticed: as many are deleted as are created.
 *
 * @param fetchPage as for `allPages`.
 * @returns `undefined` when the list changed each time.
 */
export async function wholeList<Entity extends { readonly id: string }>(
  fetchPage: (query: { page: number; page_size: number }) => Promise<Page<Entity>>,
): Promise<readonly Entity[] | undefined> {
  for (let reads = 1; reads <= MAXIMUM_READS; reads++) {
    const pages: Page<Entity>[] = [];
    const entities = await Array.fromAsync(
      allPages(async (query) => {
        const page = await fetchPage(query);
        pages.push(page);
        return page;
      }),
    );
    const areAllThere = pages.every(({ total = entities.length }) => total === entities.length);
    const areDistinct = new Set(entities.map(({ id }) => id)).size === entities.length;
    if (areAllThere && areDistinct) return entities;
  }
  return undefined;
}

/** What the header `Total-Number` says. */
export function totalOf({ header }: Pick<HttpAnswer, "header">): { total?: number } {
  const total = header("total-number");
  return total !== undefined && /^\d+$/.test(total) ? { total: Number(total) } : {};
}
