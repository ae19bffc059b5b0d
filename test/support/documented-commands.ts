import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A command as a page shows it. */
export type DocumentedCommand = {
  /** The page, relative to the project. */
  readonly page: string;
  readonly line: number;
  readonly command: string;
};

/** Every page that is written for users. */
export const PAGES: readonly string[] = [
  "README.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/**
 * The commands of the pages: each line of a block that is marked `sh`, and what stands in the text as code
 * and begins like a command of this project.
 */
export function documentedCommands(pages: readonly string[] = PAGES): DocumentedCommand[] {
  return pages.flatMap((page) => {
    const found: DocumentedCommand[] = [];
    let inBlock: string | undefined;
    for (const [index, text] of readFileSync(join(root, page), "utf8").split("\n").entries()) {
      const add = (command: string) => found.push({ page, line: index + 1, command });
      const fence = /^\s*```(\w*)/.exec(text);
      if (fence !== null) inBlock = inBlock === undefined ? (fence[1] ?? "") : undefined;
      else if (inBlock === "sh") add(text.trim());
      else if (inBlock === undefined) {
        for (const [, command] of text.matchAll(/`((?:npx|npm (?:run|start|test|ci)) [^`]+)`/g)) {
          if (command !== undefined) add(command);
        }
      }
    }
    return found.filter(({ command }) => command !== "");
  });
}
