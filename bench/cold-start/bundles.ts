import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { unzipSync, zipSync } from "fflate";
import { type Files, zipFunction } from "../../deploy/bundle.ts";
import { bundleOptions } from "../../deploy/bundle-options.ts";
import { reachableOutputs } from "../../deploy/reachable-outputs.ts";

/** A function as Lambda has it. */
export type Packaged = {
  readonly name: string;
  /** Path of the module that exports the handler. */
  readonly module: string;
  readonly zipBytes: number;
};

/** Packages a function of this project, and unpacks the zip into a directory. */
export async function bundleOwn(name: string, directory: string): Promise<Packaged> {
  const packing = join(directory, "packing");
  const { path, bytes } = await zipFunction(`functions/${name}.handler`, packing);
  await write(unzipSync(await readFile(path)), directory);
  return { name, module: join(directory, "functions", `${name}.mjs`), zipBytes: bytes };
}

/** Bundles an alternative in the same way, without licences and source maps. */
export async function bundleAlternative(
  name: string,
  file: string,
  directory: string,
): Promise<Packaged> {
  const path = join("bench", "contenders", file);
  const { outputFiles, metafile } = await build(
    bundleOptions(`${path}.handler`, directory, ".mjs"),
  );
  const { outputs } = reachableOutputs(metafile, `${path}.ts`);
  const modules = outputFiles.filter((one) => relative(process.cwd(), one.path) in outputs);
  const files = Object.fromEntries(
    modules.map((one) => [relative(resolve(directory), one.path), one.contents]),
  );
  await write(files, directory);
  const zipBytes = zipSync(files, { level: 9 }).byteLength;
  return { name, module: join(directory, `${path}.mjs`), zipBytes };
}

async function write(files: Files, directory: string): Promise<void> {
  for (const [path, contents] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
}
