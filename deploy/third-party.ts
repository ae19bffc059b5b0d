import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** What goes along with the packages in a bundle, as their licences ask for. */
export const THIRD_PARTY_FILE = "THIRD-PARTY-LICENSES.txt";

type Notice = { readonly name: string; readonly license: string; readonly text: string };

/**
 * The packages in a bundle with their licences, each text once.
 *
 * @param directories of the packages.
 * @throws when a package does not say its licence.
 */
export function thirdPartyNotices(directories: readonly string[]): string {
  const notices = directories.map(noticeOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // Copies of a text differ in their line ends.
  const byText = Map.groupBy(notices, ({ license, text }) =>
    `${license} ${text}`.replaceAll(/\s+/g, " "),
  );
  const sections = [...byText.values()].map((own) => {
    const names = new Set(own.map(({ name }) => name));
    return `${[...names].join("\n")}\n\n${own[0]?.license}\n\n${own[0]?.text}`.trimEnd();
  });
  return `${[INTRODUCTION, ...sections].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

const INTRODUCTION = "This function contains these packages, under the licences below.";

function noticeOf(directory: string): Notice {
  const { name, version, license } = v.parse(
    v.pipe(v.string(), v.parseJson(), manifest),
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  if (license === undefined) {
    throw new Error(`${name} does not say its licence: it cannot be bundled.`);
  }
  const files = readdirSync(directory).filter((file) => LICENSE_FILE.test(file));
  const text = files.toSorted().map((file) => readFileSync(join(directory, file), "utf8").trim());
  return { name: `${name} ${version}`, license, text: text.join("\n\n") };
}

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i;

const manifest = v.object({
  name: v.string(),
  version: v.string(),
  license: v.optional(v.string()),
});
