import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createIdleTimer } from "../../../lib/logto/idle-timer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number) => () => vi.advanceTimersByTimeAsync(ms);

test("a wait that takes too long ends as a timeout does", async () => {
  const idle = createIdleTimer(100);
  await idle.wait(after(99));
  expect(idle.signal.aborted).toBe(false);
  await idle.wait(after(100));
  expect(idle.signal.reason).toMatchObject({ name: "TimeoutError" });
});

test("waits are not added up, and between them any time may pass", async () => {
  const idle = createIdleTimer(100);
  for (let wait = 0; wait < 10; wait++) {
    await idle.wait(after(90));
    await vi.advanceTimersByTimeAsync(10_000);
  }
  expect(idle.signal.aborted).toBe(false);
  expect(idle.waitedMs()).toBe(900);
});

test("a wait that fails is over", async () => {
  const idle = createIdleTimer(100);
  await expect(idle.wait(() => Promise.reject(new Error("cut")))).rejects.toThrow("cut");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(idle.signal.aborted).toBe(false);
});
