import { expect, test } from "vitest";
import { ids } from "../../contract/expect.ts";
import { standInWithAcme } from "./stand-in.ts";

async function search(query: Record<string, string> | [string, string][]) {
  const { standIn, call } = await standInWithAcme();
  standIn.seed({
    users: [
      { id: "ann", primaryEmail: "Ann_B@example.com", username: "ann" },
      { id: "axb", primaryEmail: "annxb@example.com", username: "axb" },
      { id: "dot", primaryEmail: "ann.b@example.com", username: "dot" },
    ],
  });
  return call("GET", "/api/users", { query });
}

test("By default a search is SQL's like: any letter case, and an underscore is a wildcard", async () => {
  expect(ids(await search({ "search.primaryEmail": "ann_b@example.com" }))).toEqual([
    "ann",
    "axb",
    "dot",
  ]);
  expect(ids(await search({ "search.primaryEmail": "%XB@example.com" }))).toEqual(["axb"]);
  expect(ids(await search({ "search.primaryEmail": "ann.b@example.com" }))).toEqual(["dot"]);
  expect(ids(await search({ "search.primaryEmail": "example.com" }))).toEqual([]);
});

test("An exact search takes no wildcard, and any letter case unless told otherwise", async () => {
  const exact = { "search.primaryEmail": "ann_b@example.com", "mode.primaryEmail": "exact" };
  expect(ids(await search(exact))).toEqual(["ann"]);
  expect(ids(await search({ ...exact, isCaseSensitive: "true" }))).toEqual([]);
});

test("An exact search takes several values", async () => {
  const found = await search([
    ["search.username", "ann"],
    ["search.username", "dot"],
    ["mode.username", "exact"],
  ]);
  expect(ids(found)).toEqual(["ann", "dot"]);
});

test("Conditions are joined by or, unless by and", async () => {
  const query = { "search.username": "ann", "search.primaryEmail": "annxb@example.com" };
  expect(ids(await search(query))).toEqual(["ann", "axb"]);
  expect(ids(await search({ ...query, joint: "and" }))).toEqual([]);
});

test("An empty value and an unknown field are refused", async () => {
  expect((await search({ "search.primaryEmail": "" })).code).toBe("request.invalid_input");
  expect((await search({ "search.shoeSize": "44" })).code).toBe("request.invalid_input");
});
