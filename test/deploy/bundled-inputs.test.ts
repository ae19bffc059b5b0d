import { describe, expect, test } from "vitest";
import { bundledInputs } from "../../deploy/bundled-inputs.ts";
import { thirdPartyNotices } from "../../deploy/third-party.ts";

/** esbuild's account of a bundle, as far as it is read: bytes in the output by input. */
const metafile = (bytes: Readonly<Record<string, number>>) => ({
  inputs: {},
  outputs: {
    "functions/one.mjs": {
      bytes: 1,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(
        Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
      ),
    },
  },
});

describe("what a bundle was made of", () => {
  test("are own files and packages, as far as something of them is in it", () => {
    expect(
      bundledInputs(
        metafile({
          "functions/one.ts": 10,
          "lib/a.ts": 5,
          "lib/unused.ts": 0,
          "node_modules/valibot/dist/index.mjs": 3,
          "node_modules/valibot/dist/other.mjs": 3,
          "node_modules/@smithy/core/dist/index.mjs": 3,
          "node_modules/a/node_modules/@b/c/index.js": 3,
          "node_modules/unused/index.js": 0,
        }),
      ),
    ).toEqual({
      own: ["functions/one.ts", "lib/a.ts"],
      packageDirectories: [
        "node_modules/@smithy/core",
        "node_modules/a/node_modules/@b/c",
        "node_modules/valibot",
      ],
    });
  });

  test.each(["local/stack.ts", "test/support/events.ts", "bin/target.ts", "bench/main.ts"])(
    "must not be %s: that ends the packaging in a sentence",
    (path) => {
      expect(() => bundledInputs(metafile({ "functions/one.ts": 1, [path]: 1 }))).toThrow(
        `${path} is bundled: a function may import from lib/ and functions/ only.`,
      );
    },
  );
});

describe("the licences of what is bundled", () => {
  test("stand under the names of their packages, each text once", () => {
    const notices = thirdPartyNotices([
      "node_modules/valibot",
      "node_modules/@smithy/core",
      "node_modules/@smithy/types",
    ]);
    expect(notices).toMatch(/^valibot \d+\.\d+\.\d+$/m);
    expect(notices).toMatch(/^@smithy\/core \S+\n@smithy\/types \S+\n\nApache-2\.0$/m);
    expect(notices.match(/TERMS AND CONDITIONS FOR USE/g)).toHaveLength(1);
  });
});
