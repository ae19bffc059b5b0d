import type { Metafile } from "esbuild";
import { expect, test } from "vitest";
import { reachableOutputs } from "../../deploy/reachable-outputs.ts";

const output = (entryPoint: string, ...imports: string[]): Metafile["outputs"][string] => ({
  bytes: 1,
  inputs: {},
  exports: [],
  entryPoint,
  imports: imports.map((path) => ({ path, kind: "dynamic-import" })),
});

const outputs = {
  "out/one.mjs": output("functions/one.ts", "out/chunk.mjs", "node:fs"),
  "out/chunk.mjs": output("lib/chunk.ts", "out/one.mjs", "out/deep.mjs"),
  "out/deep.mjs": output("lib/deep.ts"),
  "out/orphan.mjs": output("node_modules/orphan/index.js", "out/deep.mjs"),
};

test("a bundle's modules are those that its entry point leads to, also in a circle", () => {
  const reached = reachableOutputs({ inputs: {}, outputs }, "functions/one.ts").outputs;
  expect(Object.keys(reached)).toEqual(["out/one.mjs", "out/chunk.mjs", "out/deep.mjs"]);
  expect(reached["out/chunk.mjs"]).toBe(outputs["out/chunk.mjs"]);
});

test("nothing is reached from an entry point that the bundle does not have", () => {
  expect(reachableOutputs({ inputs: {}, outputs }, "functions/other.ts").outputs).toEqual({});
});
