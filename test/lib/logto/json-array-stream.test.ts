import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonArrayElements, NotAnArrayError } from "../../../lib/logto/json-array-stream.ts";
import { thrownBy } from "./thrown.ts";

/** Cuts bytes into chunks, of the given sizes over and over. */
function cut(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0, nth = 0; from < bytes.length; nth++) {
    const size = sizes[nth % sizes.length] ?? 1;
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return chunks;
}

const elementsOf = async (text: string | Uint8Array, sizes: readonly number[] = [1]) => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return (await Array.fromAsync(jsonArrayElements(cut(bytes, sizes)))).flat();
};

/** Text of every kind: escapes, signs of the syntax, and those of two, three and four bytes. */
const signs = fc.string({
  unit: fc.constantFrom(...'"\\,[]{}: \n\u0000aä€🎉', "\u2028", "\ud800"),
});
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    signs,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(signs, tie("value"), { maxKeys: 3 }),
  ),
})).value;
const anyObject = fc.dictionary(signs, anyValue, { maxKeys: 4 });
const anyArray = fc
  .tuple(fc.array(fc.oneof({ weight: 4, arbitrary: anyObject }, anyValue), { maxLength: 6 }))
  .chain(([array]) =>
    fc.constantFrom(0, 1, "\t").map((space) => JSON.stringify(array, null, space)),
  );
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe("the elements of a JSON array", () => {
  test("are those of JSON.parse, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(anyArray, anySizes, async (text, sizes) => {
        expect(await elementsOf(text, sizes)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("end in an error wherever the text breaks off", async () => {
    await fc.assert(
      fc.asyncProperty(anyArray, anySizes, fc.nat(), async (text, sizes, nat) => {
        const bytes = new TextEncoder().encode(text);
        const part = bytes.subarray(0, nat % bytes.length);
        const error = await thrownBy(elementsOf(part, sizes));
        expect(error).toBeInstanceOf(part.length === 0 ? NotAnArrayError : SyntaxError);
      }),
      { numRuns: 1_000 },
    );
  });

  test("are told or refused as JSON.parse would, whatever is wrong with the text", async () => {
    const anyChange = fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'"\\,[]{}:1 nx'));
    const changed = fc
      .tuple(anyArray, fc.array(anyChange, { maxLength: 3 }))
      .map(([text, changes]) =>
        changes.reduce((before, [nat, removed, sign]) => {
          const at = nat % (before.length + 1);
          return before.slice(0, at) + sign + before.slice(at + removed);
        }, text),
      );
    await fc.assert(
      fc.asyncProperty(changed, anySizes, async (broken, sizes) => {
        // A pair of surrogates that was cut apart has no bytes.
        const text = broken.toWellFormed();
        const expected = parsed(text);
        const given = await elementsOf(text, sizes).catch((error: unknown) => nameOf(error));
        expect(given).toEqual(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each(["", " ", "{}", '{"id":"x"}', "null", '"[]"', "1"])(
    "are not to be had from %j, which is no array",
    async (text) => {
      await expect(elementsOf(text)).rejects.toThrow(NotAnArrayError);
    },
  );

  test.each([
    "[",
    "[,]",
    "[1,]",
    "[,1]",
    "[1,,2]",
    "[1}",
    "[1]]",
    "[1],[2]",
    "[1] x",
    "[1] [",
    "]",
    '[{"a":1]}',
    "[1 2]",
    '["a]',
    "[\ufeff1]",
    "<!doctype html>",
  ])("are refused where the text is no JSON: %j", async (text) => {
    await expect(elementsOf(text)).rejects.toThrow(SyntaxError);
    await expect(elementsOf(text, [100])).rejects.toThrow(SyntaxError);
  });

  test("come with the chunk that completes them, and not later", async () => {
    const chunks = ['[{"a":1', '},{"a":2},{"a"', ":3}", "]"];
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
    expect(await Array.fromAsync(jsonArrayElements(bytes))).toEqual([
      [],
      [{ a: 1 }, { a: 2 }],
      [],
      [{ a: 3 }],
      [],
    ]);
  });

  test("may have a byte order mark before them, as for fetch", async () => {
    expect(await elementsOf('\ufeff[{"a":1}]')).toEqual([{ a: 1 }]);
  });

  test("leave the chunks when they are left", async () => {
    let isLeft = false;
    async function* chunks() {
      try {
        for (;;) yield new TextEncoder().encode("[1,");
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of jsonArrayElements(chunks())) break;
    expect(isLeft).toBe(true);
  });
});

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : "NotAnArrayError";
  } catch (error) {
    return text.trim() === "" ? "NotAnArrayError" : nameOf(error);
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));
