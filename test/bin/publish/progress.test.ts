import { expect, test } from "vitest";
import { progressText } from "../../../bin/publish/progress.ts";

test.each([
  [48_000, 100_000, 6, "Sending [#########-----------] 48,000 of 100,000  8,000/s  7 s left"],
  [
    1_000,
    1_000_000,
    1,
    "Sending [--------------------] 1,000 of 1,000,000  1,000/s  16 min 39 s left",
  ],
  [0, 10, 1, "Sending [--------------------] 0 of 10  0/s"],
  [10, 10, 2, "Sending [####################] 10 of 10  5/s  0 s left"],
  [500, undefined, 0.5, "Sending 500  1,000/s"],
])("%i of %s after %f s", (done, total, seconds, text) => {
  expect(progressText("Sending", done, total, seconds)).toBe(text);
});
