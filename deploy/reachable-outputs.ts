import type { Metafile } from "esbuild";

/**
 * The part of esbuild's account that a module leads to. esbuild writes a chunk for every dynamic import
 * that it meets, also where it then leaves out the code with the import: nothing ever loads that chunk.
 *
 * @param entryPoint the source of that module, as esbuild names it.
 */
export function reachableOutputs(metafile: Metafile, entryPoint: string): Metafile {
  const { outputs } = metafile;
  const reached = new Set<string>();
  const follow = (path: string): void => {
    const output = outputs[path];
    if (output === undefined || reached.has(path)) return;
    reached.add(path);
    for (const { path: imported, external } of output.imports) if (!external) follow(imported);
  };
  const isEntry = (path: string) => outputs[path]?.entryPoint === entryPoint;
  for (const path of Object.keys(outputs).filter(isEntry)) follow(path);
  return {
    ...metafile,
    outputs: Object.fromEntries(Object.entries(outputs).filter(([path]) => reached.has(path))),
  };
}
