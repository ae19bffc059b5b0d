import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A command as a page shows it. */
export type DocumentedCommand = {
  /** The page, relative to the project. */
  readonly page: string;
  readonly command: string;
};

/** Every page that is written for users, but the one whose blocks test/docs/ runs. */
const PAGES: readonly string[] = [
  "README.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "publishing-events.md")
    .map((name) => join("docs", name)),
];

const BLOCK = /^ *```(\w*)\n(.*?)^ *```$/gms;
const IN_TEXT = /`((?:npx [^\s`]+|npm (?:run|start|test|ci)) [^`]+)`/g;

/**
 * The commands of the pages: each line of a block that is marked `sh`, and what stands in the text as code
 * and begins like a command of this project.
 */
export function documentedCommands(): DocumentedCommand[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    const blocks = [...text.matchAll(BLOCK)].filter(([, language]) => language === "sh");
    const lines = blocks.flatMap(([, , lines = ""]) => lines.replaceAll("\\\n", " ").split("\n"));
    const inText = [...text.replaceAll(BLOCK, "").matchAll(IN_TEXT)].map(([, code = ""]) => code);
    return [...lines, ...inText]
      .map((command) => ({ page, command: command.trim() }))
      .filter(({ command }) => command !== "");
  });
}
