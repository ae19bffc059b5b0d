import manifest from "../package.json" with { type: "json" };

/** The version of this project. */
export const VERSION: string = manifest.version;
