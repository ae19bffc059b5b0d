import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createFirstLines } from "../../../bin/publish/first-lines.ts";

const group = (person: number): string => createHash("sha256").update(String(person)).digest("hex");

test("somebody who was met before is told with the first line, among many others", () => {
  const meet = createFirstLines();
  const count = 20_000;
  for (let person = 0; person < count; person++) {
    expect(meet(group(person), person + 1, person)).toBeUndefined();
  }
  for (let person = 0; person < count; person++) {
    expect(meet(group(person), count + person)).toEqual({ line: person + 1, content: person });
  }
});

test("people whose groups begin with the same digits are told apart", () => {
  const meet = createFirstLines();
  const begin = "0123456789abcde";
  expect(meet(`${begin}0${"f".repeat(48)}`, 1)).toBeUndefined();
  expect(meet(`${begin}1${"f".repeat(48)}`, 2)).toBeUndefined();
  expect(meet(`1${begin.slice(1)}0${"f".repeat(48)}`, 3)).toBeUndefined();
  expect(meet(`${begin}1${"f".repeat(48)}`, 4)).toMatchObject({ line: 2 });
});

test("a group of zeros is one like any other", () => {
  const meet = createFirstLines();
  expect(meet("0".repeat(64), 7)).toBeUndefined();
  expect(meet("0".repeat(64), 8)).toMatchObject({ line: 7 });
});
