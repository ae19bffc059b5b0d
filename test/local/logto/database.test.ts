import { expect, test } from "vitest";
import { createDatabase } from "../../../local/logto/database.ts";

function database(connections: number, more: { connectionTimeoutMs?: number } = {}) {
  return createDatabase({
    connections,
    connectionTimeoutMs: 10_000,
    queryDelayMs: 0,
    transactionTimeoutMs: 10_000,
    ...more,
  });
}

test("A query waits for a connection that a transaction holds", async () => {
  const { query, transaction, usage } = database(1);
  const order: string[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const holding = transaction(async () => {
    await held;
    return () => order.push("transaction");
  });
  const waiting = query(() => order.push("query"));
  expect(usage()).toEqual({ held: 1, waiting: 1 });
  letGo();
  await Promise.all([holding, waiting]);
  expect(order).toEqual(["transaction", "query"]);
  expect(usage()).toEqual({ held: 0, waiting: 0 });
});

test("Whoever waits too long for a connection fails, and the others go on", async () => {
  const { query, transaction, usage } = database(1, { connectionTimeoutMs: 20 });
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const holding = transaction(async () => {
    await held;
    return () => "committed";
  });
  await expect(query(() => "never")).rejects.toThrow("No connection became free in time.");
  letGo();
  expect(await holding).toBe("committed");
  expect(await query(() => "later")).toBe("later");
  expect(usage()).toEqual({ held: 0, waiting: 0 });
});

test("Transactions that hold every connection and want one more starve each other", async () => {
  const { query, transaction, usage } = database(2, { connectionTimeoutMs: 20 });
  const greedy = () => transaction(async () => query(() => () => "committed"));
  const results = await Promise.allSettled([greedy(), greedy()]);
  expect(results.map(({ status }) => status)).toContain("rejected");
  expect(usage()).toEqual({ held: 0, waiting: 0 });
  expect(await greedy()).toBe("committed");
});

test("One transaction fewer than there are connections does not starve", async () => {
  const { query, transaction } = database(3);
  const greedy = () => transaction(async () => query(() => () => "committed"));
  expect(await Promise.all([greedy(), greedy()])).toEqual(["committed", "committed"]);
});

test("A failing transaction does not commit and gives its connection back", async () => {
  const { transaction, usage } = database(1);
  const failing = transaction(async () => {
    throw new Error("broken rule");
  });
  await expect(failing).rejects.toThrow("broken rule");
  expect(usage()).toEqual({ held: 0, waiting: 0 });
});

test("A claim is handed on, one at a time", async () => {
  const { claim } = database(1);
  const order: string[] = [];
  const first = await claim("key");
  const others = ["second", "third"].map(async (name) => {
    const release = await claim("key");
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
    release();
  });
  const elsewhere = await claim("another key");
  elsewhere();
  expect(order).toEqual([]);
  first();
  await Promise.all(others);
  expect(order).toEqual(["second begins", "second ends", "third begins", "third ends"]);
});
