import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

const versions = v.optional(v.record(v.string(), v.string()), {});

const manifest = v.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
  allowScripts: v.record(v.string(), v.boolean()),
});

const lockFile = v.object({
  packages: v.record(
    v.string(),
    v.looseObject({
      integrity: v.optional(v.string()),
      license: v.optional(v.string()),
      hasInstallScript: v.optional(v.boolean(), false),
      dev: v.optional(v.boolean(), false),
      optional: v.optional(v.boolean(), false),
    }),
  ),
});

const read = <Schema extends v.GenericSchema>(name: string, schema: Schema) => {
  const text = readFileSync(join(import.meta.dirname, "..", "..", name), "utf8");
  return v.parse(v.pipe(v.string(), v.parseJson(), schema), text);
};

const { allowScripts, ...wanted } = read("package.json", manifest);
const { "": _project, ...locked } = read("package-lock.json", lockFile).packages;
const packages = Object.entries(locked);

/** They ask for their text to go along, and for nothing else. */
const LICENCES = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"];

describe("what this project depends on", () => {
  test("is asked for in exact versions", () => {
    const ranges = Object.values(wanted)
      .flatMap((group) => Object.entries(group))
      .filter(([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version));
    expect(ranges).toEqual([]);
  });

  test("is locked with a hash each, and with no registry", () => {
    expect(packages.length).toBeGreaterThan(100);
    const loose = packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ""));
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, own]) => "resolved" in own).map(([path]) => path)).toEqual([]);
  });

  test("runs no script when it is installed", () => {
    const names = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(Object.keys(allowScripts).toSorted()).toEqual([...new Set(names)].toSorted());
    expect(new Set(Object.values(allowScripts))).toEqual(new Set([false]));
  });

  test("may be bundled by its licence", () => {
    const others = packages
      .filter(([, { dev, optional }]) => !dev && !optional)
      .filter(([, { license }]) => !LICENCES.includes(license ?? "none"));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});
