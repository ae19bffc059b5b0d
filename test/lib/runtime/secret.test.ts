import { describe, expect, test } from "vitest";
import { cachedSecret } from "../../../lib/runtime/secret.ts";

const TTL_MS = 300_000;
const STALE_MS = 30_000;

/** A secret whose source, clock and failures are in the test's hands. */
function controlledSecret(options: { ttlMs?: number } = {}) {
  const state = { text: "first", down: false, nowMs: 0, reads: 0 };
  const stale: unknown[] = [];
  const secret = cachedSecret({
    read: async () => {
      state.reads += 1;
      if (state.down) throw new Error("down");
      return state.text;
    },
    parse: (text) => {
      if (text === "broken") throw new Error("cannot be parsed");
      return { value: text };
    },
    ttlMs: options.ttlMs ?? TTL_MS,
    onStale: (error) => stale.push(error),
    now: () => state.nowMs,
  });
  return { secret, state, stale };
}

describe("a secret that can be read", () => {
  test("is read once until its time is over, then anew", async () => {
    const { secret, state } = controlledSecret();
    expect(await secret.get()).toEqual({ value: "first" });
    state.text = "second";
    state.nowMs = TTL_MS - 1;
    expect(await secret.get()).toEqual({ value: "first" });
    expect(state.reads).toBe(1);

    state.nowMs = TTL_MS;
    expect(await secret.get()).toEqual({ value: "second" });
    expect(state.reads).toBe(2);
  });

  test("is not read before it is asked for", () => {
    expect(controlledSecret().state.reads).toBe(0);
  });

  test("is the same object to everybody while it is fresh", async () => {
    const { secret } = controlledSecret();
    expect(await secret.get()).toBe(await secret.get());
  });

  test("is read anew on refresh, however fresh it is, and is fresh from then on", async () => {
    const { secret, state } = controlledSecret();
    await secret.get();
    state.text = "second";
    state.nowMs = TTL_MS - 1;
    expect(await secret.refresh()).toEqual({ value: "second" });

    state.text = "third";
    state.nowMs = TTL_MS + 1;
    expect(await secret.get()).toEqual({ value: "second" });
    expect(state.reads).toBe(2);
  });

  test("is fresh from when it was read, not from when reading began", async () => {
    const gate = Promise.withResolvers<string>();
    let nowMs = 0;
    let reads = 0;
    const secret = cachedSecret({
      read: () => {
        reads += 1;
        return gate.promise;
      },
      parse: (text) => text,
      ttlMs: TTL_MS,
      now: () => nowMs,
    });
    const first = secret.get();
    nowMs = 10_000;
    gate.resolve("value");
    await first;
    nowMs = TTL_MS + 9_999;
    await secret.get();
    expect(reads).toBe(1);
  });
});

describe("one read is under way however many wait", () => {
  test("fifty at once, half of them refreshing", async () => {
    const gate = Promise.withResolvers<string>();
    let reads = 0;
    const secret = cachedSecret({
      read: () => {
        reads += 1;
        return gate.promise;
      },
      parse: (text) => ({ text }),
      ttlMs: TTL_MS,
    });
    const waiting = Array.from({ length: 50 }, (_, index) =>
      index % 2 === 0 ? secret.get() : secret.refresh(),
    );
    gate.resolve("value");
    expect(new Set(await Promise.all(waiting)).size).toBe(1);
    expect(reads).toBe(1);
  });

  test("and when it fails, all fifty are told, and the next one reads again", async () => {
    const { secret, state } = controlledSecret();
    state.down = true;
    const waiting = await Promise.allSettled(Array.from({ length: 50 }, () => secret.get()));
    expect(waiting.every(({ status }) => status === "rejected")).toBe(true);
    expect(state.reads).toBe(1);

    state.down = false;
    expect(await secret.get()).toEqual({ value: "first" });
    expect(state.reads).toBe(2);
  });

  test("also when it is the one after the secret's time is over", async () => {
    const { secret, state } = controlledSecret();
    await secret.get();
    state.nowMs = TTL_MS;
    await Promise.all(Array.from({ length: 50 }, () => secret.get()));
    expect(state.reads).toBe(2);
  });
});

describe("a secret that cannot be read", () => {
  test("the first time is an error: there is nothing to fall back to", async () => {
    const { secret, state, stale } = controlledSecret();
    state.down = true;
    await expect(secret.get()).rejects.toThrow("down");
    await expect(secret.refresh()).rejects.toThrow("down");
    expect(stale).toEqual([]);
  });

  test("later is the value before, and somebody is told why", async () => {
    const { secret, state, stale } = controlledSecret();
    await secret.get();
    state.down = true;
    state.nowMs = TTL_MS;
    expect(await secret.get()).toEqual({ value: "first" });
    expect(stale).toEqual([new Error("down")]);
  });

  test("is asked for again every 30 seconds, not for every message", async () => {
    const { secret, state, stale } = controlledSecret();
    await secret.get();
    state.down = true;
    for (state.nowMs = TTL_MS; state.nowMs < TTL_MS + 2 * STALE_MS; state.nowMs += 1_000) {
      await secret.get();
    }
    expect(state.reads).toBe(3);
    expect(stale).toHaveLength(2);
  });

  test("is asked for as often as its own time says when that is shorter", async () => {
    const { secret, state } = controlledSecret({ ttlMs: 5_000 });
    await secret.get();
    state.down = true;
    for (const nowMs of [5_000, 9_999, 10_000]) {
      state.nowMs = nowMs;
      await secret.get();
    }
    expect(state.reads).toBe(3);
  });

  test("is the new value as soon as it can be read again", async () => {
    const { secret, state } = controlledSecret();
    await secret.get();
    state.down = true;
    state.nowMs = TTL_MS;
    await secret.get();
    state.down = false;
    state.text = "second";
    state.nowMs += STALE_MS;
    expect(await secret.get()).toEqual({ value: "second" });
    state.nowMs += TTL_MS - 1;
    await secret.get();
    expect(state.reads).toBe(3);
  });

  test("keeps the value before on refresh too", async () => {
    const { secret, state, stale } = controlledSecret();
    await secret.get();
    state.down = true;
    expect(await secret.refresh()).toEqual({ value: "first" });
    expect(stale).toHaveLength(1);
  });
});

describe("a secret that cannot be used", () => {
  test("the first time is an error", async () => {
    const { secret, state } = controlledSecret();
    state.text = "broken";
    await expect(secret.get()).rejects.toThrow("cannot be parsed");
  });

  test("after a wrong rotation is the value before", async () => {
    const { secret, state, stale } = controlledSecret();
    await secret.get();
    state.text = "broken";
    state.nowMs = TTL_MS;
    expect(await secret.get()).toEqual({ value: "first" });
    expect(stale).toEqual([new Error("cannot be parsed")]);
  });
});
