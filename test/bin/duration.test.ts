import { expect, test } from "vitest";
import { commandLineDurationSeconds, isoDuration } from "../../bin/duration.ts";

test.each([
  ["30m", 1_800, "PT30M"],
  ["1h", 3_600, "PT1H"],
  ["14d", 1_209_600, "P14D"],
  ["2w", 1_209_600, "P2W"],
  ["PT12H", 43_200, "PT12H"],
  ["3 days", undefined, "3 days"],
  ["1y", undefined, "1y"],
])("%s is so many seconds", (text, seconds, iso) => {
  expect(commandLineDurationSeconds(text)).toBe(seconds);
  expect(isoDuration(text)).toBe(iso);
});
