import type { Metafile } from "esbuild";

/** What a bundle was made of: this project's files, and the directories of packages. */
export type BundledInputs = {
  /** Paths from the project's root. */
  readonly own: readonly string[];
  readonly packageDirectories: readonly string[];
};

/** The directories whose files may run in Lambda. */
export const PRODUCT: readonly string[] = ["functions/", "lib/"];

/**
 * Reads from esbuild's account of a bundle what is in it. What was left out as unused does not count.
 *
 * @param ownDirectories where the sources may be that are no packages.
 * @throws when something of this project is in it that no function needs, such as a test or a stand-in.
 */
export function bundledInputs(
  { outputs }: Pick<Metafile, "outputs">,
  ownDirectories = PRODUCT,
): BundledInputs {
  const paths = new Set(
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([path]) => path),
    ),
  );
  const own = [...paths].filter((path) => !path.includes("node_modules/")).toSorted();
  const stranger = own.find(
    (path) => !ownDirectories.some((directory) => path.startsWith(directory)),
  );
  if (stranger !== undefined) {
    throw new Error(`${stranger} is bundled: a function may import from lib/ and functions/ only.`);
  }
  const directories = [...paths].map((path) => PACKAGE.exec(path)?.[0]);
  return {
    own,
    packageDirectories: [...new Set(directories)].filter((path) => path !== undefined).toSorted(),
  };
}

/** Up to the innermost package's name, which has two parts if it has a scope. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
