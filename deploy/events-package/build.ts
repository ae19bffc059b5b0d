import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import * as v from "valibot";
import { packageReadme } from "./readme.ts";

/** Below `dist/`, and in the package: the file that is imported, and its types. */
const ENTRY = "index.js";
const TYPES = "types/events/index.d.ts";

const ownPackage = v.object({
  name: v.string(),
  version: v.string(),
  description: v.string(),
  license: v.string(),
  dependencies: v.object({ valibot: v.string() }),
});

/**
 * Builds the package of producers: `lib/events` as JavaScript, because Node runs no TypeScript below
 * `node_modules`, with its types. Nothing of the functions, the command line and their dependencies is
 * in it; the SQS client is the producer's own.
 *
 * @param root the project's directory.
 * @param directory where the package is written; what was there is removed.
 * @returns esbuild's account of what is in it.
 * @throws when the types cannot be written.
 */
export async function buildEventsPackage(root: string, directory: string): Promise<Metafile> {
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["lib/events/index.ts"],
    outfile: join(directory, ENTRY),
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20.12",
    format: "esm",
    metafile: true,
    logLevel: "warning",
  });
  writeTypes(root, join(directory, "types"));
  const text = readFileSync(join(root, "package.json"), "utf8");
  const { dependencies, ...own } = v.parse(v.pipe(v.string(), v.parseJson(), ownPackage), text);
  const manifest = {
    ...own,
    type: "module",
    // crypto.hash
    engines: { node: ">=20.12" },
    exports: { "./events": { types: `./${TYPES}`, default: `./${ENTRY}` } },
    dependencies: { valibot: dependencies.valibot },
    peerDependencies: { "@aws-sdk/client-sqs": "^3.0.0" },
  };
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(directory, "LICENSE"));
  const page = readFileSync(join(root, "docs", "publishing-events.md"), "utf8");
  writeFileSync(join(directory, "README.md"), packageReadme(page));
  return metafile;
}

function writeTypes(root: string, outDir: string): void {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = join(import.meta.dirname, "tsconfig.json");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsc, "--project", project, "--outDir", outDir],
    { encoding: "utf8" },
  );
  if (status !== 0)
    throw new Error(`The types of lib/events cannot be written:\n${stdout}${stderr}`);
  // The sources name each other as TypeScript, and tsc leaves that as it is.
  for (const file of readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join(outDir, file);
    const types = readFileSync(path, "utf8");
    writeFileSync(path, types.replace(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, "$1$2.js$1"));
  }
}
