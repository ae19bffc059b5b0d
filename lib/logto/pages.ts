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

/** What the header `Total-Number` says. */
export function totalOf(response: Response): { total?: number } {
  const header = response.headers.get("total-number");
  return header !== null && /^\d+$/.test(header) ? { total: Number(header) } : {};
}
