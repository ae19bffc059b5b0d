import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "../../../bin/publish/lines.ts";

const read = async (bytes: Buffer, pieces: number, maximum: number) => {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces) chunks.push(bytes.subarray(at, at + pieces));
  return Array.fromAsync(linesOf(Readable.from(chunks), maximum));
};

test("lines end at line feeds only, wherever the stream is cut", async () => {
  const line = fc.stringMatching(/^[a\r\u2028\u{1F389}]{0,6}$/u);
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, pieces) => {
        const found = await read(Buffer.from(lines.join("\n")), pieces, 1_000);
        const wanted = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
        expect(found.map(({ bytes }) => bytes?.toString())).toEqual(wanted);
        expect(found.map(({ number }) => number)).toEqual(wanted.map((_, index) => index + 1));
      },
    ),
  );
});

test("a line that is too long has its place and no bytes, and the next one is whole", async () => {
  const bytes = Buffer.from(`one\n${"x".repeat(11)}\n${"y".repeat(10)}\n${"z".repeat(50)}`);
  for (const pieces of [1, 4, 100]) {
    expect((await read(bytes, pieces, 10)).map(({ bytes }) => bytes?.toString())).toEqual([
      "one",
      undefined,
      "y".repeat(10),
      undefined,
    ]);
  }
});
