import type { Metafile } from "esbuild";

/**
 * The modules of a bundle that its entry point leads to, at once or when they are needed. esbuild also
 * writes chunks that nothing imports: those that were only imported by code it left out as unused.
 *
 * @param metafile esbuild's account of the bundle.
 * @param entryPoint the source, as that account names it.
 */
export function reachableOutputs(
  { outputs }: Metafile,
  entryPoint: string,
): Pick<Metafile, "outputs"> {
  const reached: Metafile["outputs"] = {};
  const follow = (path: string): void => {
    const output = outputs[path];
    if (output === undefined || path in reached) return;
    reached[path] = output;
    for (const imported of output.imports) follow(imported.path);
  };
  for (const [path, output] of Object.entries(outputs)) {
    if (output.entryPoint === entryPoint) follow(path);
  }
  return { outputs: reached };
}
