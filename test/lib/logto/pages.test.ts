import { expect, test } from "vitest";
import { allPages, type Page, totalOf, wholeList } from "../../../lib/logto/pages.ts";

type Query = { page: number; page_size: number };

/** So many entities, a page at a time, and the queries by which they were asked for. */
function pagesOf(count: number, more: (query: Query) => { total?: number } = () => ({})) {
  const all = Array.from({ length: count }, (_, index) => index);
  const queries: Query[] = [];
  const fetchPage = async (query: Query): Promise<Page<number>> => {
    queries.push(query);
    const first = (query.page - 1) * query.page_size;
    return { entities: all.slice(first, first + query.page_size), ...more(query) };
  };
  return { all, queries, fetchPage };
}

test.each([
  [0, 1],
  [1, 1],
  [99, 1],
  [100, 1],
  [101, 2],
  [250, 3],
  [300, 3],
])("%i entities take %i pages when the total is told", async (count, pages) => {
  const { all, queries, fetchPage } = pagesOf(count, () => ({ total: count }));

  expect(await Array.fromAsync(allPages(fetchPage))).toEqual(all);
  expect(queries).toHaveLength(pages);
});

test.each([
  [0, 1],
  [99, 1],
  [100, 2],
  [250, 3],
])("%i entities take %i pages when no total is told", async (count, pages) => {
  const { all, queries, fetchPage } = pagesOf(count);

  expect(await Array.fromAsync(allPages(fetchPage))).toEqual(all);
  expect(queries).toHaveLength(pages);
});

test("pages are counted from 1 and are as large as Logto gives them", async () => {
  const { queries, fetchPage } = pagesOf(150, () => ({ total: 150 }));

  await Array.fromAsync(allPages(fetchPage));

  expect(queries).toEqual([
    { page: 1, page_size: 100 },
    { page: 2, page_size: 100 },
  ]);
});

test("an empty page ends a list whose total promises more", async () => {
  const { queries, fetchPage } = pagesOf(100, () => ({ total: 1_000_000 }));

  expect(await Array.fromAsync(allPages(fetchPage))).toHaveLength(100);
  expect(queries).toHaveLength(2);
});

test("a list that grows while it is read is read to its end", async () => {
  const { queries, fetchPage } = pagesOf(250, ({ page }) => ({ total: page === 1 ? 150 : 250 }));

  expect(await Array.fromAsync(allPages(fetchPage))).toHaveLength(250);
  expect(queries).toHaveLength(3);
});

/** A list of 150 that changes as told before each page is read, and how many pages were read. */
async function changing(change: (entities: { id: string }[], page: number) => void) {
  const entities = Array.from({ length: 150 }, (_, index) => ({ id: `${index}` }));
  let pages = 0;
  const found = await wholeList(async ({ page, page_size }) => {
    pages += 1;
    change(entities, pages);
    const first = (page - 1) * page_size;
    return { entities: entities.slice(first, first + page_size), total: entities.length };
  });
  return { found, entities, pages };
}

test.each<readonly [string, (entities: { id: string }[]) => void]>([
  ["is deleted", (entities) => entities.splice(0, 1)],
  ["is created", (entities) => entities.unshift({ id: "new" })],
  ["moves to the front", (entities) => entities.unshift(...entities.splice(149, 1))],
  ["moves to the end", (entities) => entities.push(...entities.splice(0, 1))],
])("a whole list is read again when one %s between two pages", async (_, change) => {
  const { found, entities, pages } = await changing((all, page) => {
    if (page === 2) change(all);
  });

  expect(found).toEqual(entities);
  expect(pages).toBe(4);
});

test("a whole list that does not come to rest is none", async () => {
  const { found, pages } = await changing((all) => all.splice(0, 1));

  expect(found).toBeUndefined();
  expect(pages).toBe(6);
});

test("a whole list whose only page is empty against its total is none", async () => {
  const { queries, fetchPage } = pagesOf(0, () => ({ total: 250 }));
  const found = await wholeList(async (query: Query) => ({
    ...(await fetchPage(query)),
    entities: [],
  }));

  expect(found).toBeUndefined();
  expect(queries).toHaveLength(3);
});

test("a whole list that stays as it is, or tells no total, is read once", async () => {
  expect((await changing(() => {})).pages).toBe(2);
  const { all, queries, fetchPage } = pagesOf(20, () => ({ total: 30 }));
  const ofIds = async (query: Query) => ({
    entities: (await fetchPage(query)).entities.map((id) => ({ id: `${id}` })),
  });
  expect(await wholeList(ofIds)).toHaveLength(all.length);
  expect(queries).toHaveLength(1);
});

test("a page that fails ends the list with its error, after what came before", async () => {
  const failure = new Error("the second page fails");
  const { fetchPage } = pagesOf(150, () => ({ total: 150 }));
  const seen: number[] = [];

  const reading = (async () => {
    const fetchFirst = (query: Query) =>
      query.page === 1 ? fetchPage(query) : Promise.reject(failure);
    for await (const entity of allPages(fetchFirst)) seen.push(entity);
  })();

  await expect(reading).rejects.toBe(failure);
  expect(seen).toHaveLength(100);
});

test.each([
  ["250", { total: 250 }],
  ["0", { total: 0 }],
  ["", {}],
  ["-1", {}],
  ["1.5", {}],
  ["many", {}],
  ["1e3", {}],
])("a Total-Number of '%s' is read as %o", (header, total) => {
  const headers: Readonly<Record<string, string>> = { "total-number": header };
  expect(totalOf({ header: (name) => headers[name] })).toEqual(total);
});

test("an answer without Total-Number tells no total", () => {
  expect(totalOf({ header: () => undefined })).toEqual({});
});
