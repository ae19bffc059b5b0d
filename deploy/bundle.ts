import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix, relative, resolve } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { bundledInputs, PRODUCT } from "./bundled-inputs.ts";
import { ownSourceMap } from "./own-source-map.ts";
import { reachableOutputs } from "./reachable-outputs.ts";
import { THIRD_PARTY_FILE, thirdPartyNotices } from "./third-party.ts";

/** The same time in every zip, so that the same sources give the same bytes. */
const ZIP_TIME = "1980-01-01T00:00:00";

/** Files by their path below the function's directory. */
export type Files = Readonly<Record<string, Uint8Array>>;

/**
 * Bundles a function into one ES module and chunks: what is imported when it is needed stands in a
 * file of its own, which no cold start reads before. Beside them are the source maps of own code,
 * and the licences of what is not.
 *
 * @param handler as in serverless.yml, such as `functions/invitations.handler`.
 * @param directory the handler's path is below it.
 * @param extension of the modules.
 * @param ownDirectories where the sources may be that are no packages.
 * @returns what was written.
 */
export async function bundleFunction(
  handler: string,
  directory: string,
  extension: ".mjs" | ".js",
  ownDirectories: readonly string[] = PRODUCT,
): Promise<Files> {
  const name = handler.slice(0, handler.lastIndexOf("."));
  const { outputFiles, metafile } = await build({
    entryPoints: [{ in: `${name}.ts`, out: name }],
    outdir: directory,
    outExtension: { ".js": extension },
    chunkNames: `${dirname(name)}/chunks/[name]-[hash]`,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    sourcemap: "external",
    sourcesContent: false,
    // Packages that were written as CommonJS ask for Node's own modules with require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  const needed = reachableOutputs(metafile, `${name}.ts`);
  const isNeeded = (path: string) =>
    relative(process.cwd(), path).replace(/\.map$/, "") in needed.outputs;
  const written = outputFiles
    .filter(({ path }) => isNeeded(path))
    .map(({ path, contents }): [string, Uint8Array] => [
      relative(resolve(directory), path),
      contents,
    ]);
  const notices = thirdPartyNotices(bundledInputs(needed, ownDirectories).packageDirectories);
  const files = {
    ...withOwnMaps(Object.fromEntries(written), directory),
    [THIRD_PARTY_FILE]: Buffer.from(notices),
  };
  for (const [path, contents] of Object.entries(files)) write(join(directory, path), contents);
  return files;
}

/**
 * Bundles a function and puts it into the zip that Lambda takes.
 *
 * @param directory where the bundle and the zip are written.
 * @param others files that the function reads.
 * @param ownDirectories as for `bundleFunction`.
 * @returns the zip's path and its size in bytes.
 */
export async function zipFunction(
  handler: string,
  directory: string,
  others: Files = {},
  ownDirectories?: readonly string[],
): Promise<{ path: string; bytes: number }> {
  const files = await bundleFunction(handler, directory, ".mjs", ownDirectories);
  const zip = zipSync({ ...files, ...others }, { level: 9, mtime: ZIP_TIME });
  const path = join(directory, `${basename(handler, extname(handler))}.zip`);
  write(path, zip);
  return { path, bytes: zip.byteLength };
}

/** Each module with the map of its own code, if it holds any; sources are named from the project's root. */
function withOwnMaps(files: Files, directory: string): Files {
  const result: Record<string, Uint8Array> = {};
  for (const [path, contents] of Object.entries(files)) {
    if (path.endsWith(".map")) continue;
    result[path] = contents;
    const fileOf = (source: string) =>
      relative(process.cwd(), resolve(directory, dirname(path), source));
    const map = ownSourceMap(
      JSON.parse(Buffer.from(files[`${path}.map`] ?? "null").toString()),
      (source) => !fileOf(source).includes("node_modules"),
      (source) => posix.relative(dirname(path), fileOf(source)),
    );
    if (map === undefined) continue;
    const mapName = `${basename(path)}.map`;
    result[path] = Buffer.concat([contents, Buffer.from(`//# sourceMappingURL=${mapName}\n`)]);
    result[`${path}.map`] = Buffer.from(JSON.stringify(map));
  }
  return result;
}

function write(path: string, contents: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}
