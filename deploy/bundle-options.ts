import { dirname } from "node:path";
import type { BuildOptions } from "esbuild";

/**
 * How a function is bundled: one ES module for Lambda's Node, and a chunk for each part that is
 * imported when it is needed. Nothing is written.
 *
 * @param handler as in serverless.yml, such as `functions/invitations.handler`.
 * @param directory the handler's path is below it.
 * @param extension of the modules.
 */
export const bundleOptions = (handler: string, directory: string, extension: ".mjs" | ".js") => {
  const name = handler.slice(0, handler.lastIndexOf("."));
  return {
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
  } satisfies BuildOptions;
};
