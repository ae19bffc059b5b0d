import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDurationSeconds } from "../../../lib/runtime/duration.ts";

test.each([
  ["PT0S", 0],
  ["PT1S", 1],
  ["PT90M", 5_400],
  ["PT36H", 129_600],
  ["P7D", 604_800],
  ["P1W", 604_800],
  ["P007D", 604_800],
  ["P1DT1S", 86_401],
  ["PT1H1S", 3_601],
  ["P10DT12H30M15S", 909_015],
])("%s is %d seconds", (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds);
});

test.each([
  "",
  "P",
  "T",
  "PT",
  "P1DT",
  "7D",
  "P7",
  "PT5",
  "p7d",
  "P1Y",
  "P1M",
  "P1W1D",
  "P1DT1D",
  "PT1S1H",
  "PT1.5H",
  "PT0,5S",
  "P-1D",
  "-P1D",
  "+P1D",
  " P1D",
  "P1D\n",
  "P١D",
  "P0x10D",
  "P9007199254740993D",
  `P${"9".repeat(400)}D`,
])("%j is no duration of fixed length", (text) => {
  expect(parseDurationSeconds(text)).toBeUndefined();
});

test("is the sum of its parts, whichever of them are given", () => {
  const part = fc.option(fc.nat({ max: 100_000 }), { nil: undefined });
  fc.assert(
    fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
      const write = (value: number | undefined, unit: string) =>
        value === undefined ? "" : `${value}${unit}`;
      const time = write(hours, "H") + write(minutes, "M") + write(seconds, "S");
      const text = `P${write(days, "D")}${time === "" ? "" : `T${time}`}`;
      fc.pre(text !== "P");
      expect(parseDurationSeconds(text)).toBe(
        (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0),
      );
    }),
  );
});

test("never throws, and what it gives is a whole number of seconds", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^P?[\dWDTHMS.-]*$/), (text) => {
      const seconds = parseDurationSeconds(text);
      expect(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true);
    }),
  );
});
