import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";

/** The same time in every zip, so that the same sources give the same bytes. */
const ZIP_TIME = "1980-01-01T00:00:00";

/**
 * Bundles a function into one ES module, its source map beside it.
 *
 * @param handler as in serverless.yml, such as `functions/invitations.handler`.
 * @param outFile the module to write.
 */
export async function bundleFunction(handler: string, outFile: string): Promise<void> {
  await build({
    entryPoints: [`${modulePath(handler)}.ts`],
    outfile: outFile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    // Packages that were written as CommonJS ask for Node's own modules with require.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}

/**
 * Bundles a function and puts it into the zip that Lambda takes.
 *
 * @param directory where the bundle and the zip are written.
 * @returns the zip's path and its size in bytes.
 */
export async function zipFunction(
  handler: string,
  directory: string,
): Promise<{ path: string; bytes: number }> {
  const module = `${modulePath(handler)}.mjs`;
  await bundleFunction(handler, join(directory, module));
  const files = Object.fromEntries(
    [module, `${module}.map`].map((name) => [name, readFileSync(join(directory, name))]),
  );
  const zip = zipSync(files, { level: 9, mtime: ZIP_TIME });
  const path = join(directory, `${basename(module, ".mjs")}.zip`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, zip);
  return { path, bytes: zip.byteLength };
}

const modulePath = (handler: string): string => handler.slice(0, handler.lastIndexOf("."));
