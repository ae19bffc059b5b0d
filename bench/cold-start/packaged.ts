import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { zipFunction } from "../../deploy/bundle.ts";

/** A function as Lambda has it. */
export type Packaged = {
  readonly name: string;
  /** Path of the module that exports the handler. */
  readonly module: string;
  readonly zipBytes: number;
};

/** Where the sources of this project's functions are, and of the others. */
const OWN = ["functions/", "lib/", "bench/contenders/"];

/**
 * Packages a function in the way of `npm run package`, and unpacks its zip.
 *
 * @param source path without its extension.
 */
export async function packaged(name: string, source: string, directory: string): Promise<Packaged> {
  const handler = `${source}.handler`;
  const { path, bytes } = await zipFunction(handler, join(directory, "packing"), {}, OWN);
  for (const [file, contents] of Object.entries(unzipSync(await readFile(path)))) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), contents);
  }
  return { name, module: join(directory, `${source}.mjs`), zipBytes: bytes };
}
