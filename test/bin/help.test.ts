import { type Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { COMMAND_NAMES, createProgram } from "../../bin/program.ts";
import { runInProcess } from "../support/command-in-process.ts";

/** A command with the words that call it. */
type Place = { readonly path: readonly string[]; readonly command: Command };

const walk = (command: Command, path: readonly string[]): readonly Place[] => [
  { path, command },
  ...command.commands.flatMap((subcommand) => walk(subcommand, [...path, subcommand.name()])),
];

async function placesOf(name: string): Promise<readonly Place[]> {
  const program = await createProgram([name]);
  return program.commands
    .filter((command) => command.name() === name)
    .flatMap((command) => walk(command, [name]));
}

const places = [
  { path: [], command: await createProgram([]) },
  ...(await Promise.all(COMMAND_NAMES.map(placesOf))).flat(),
];

/** The help as it is printed. */
function helpOf({ command }: Place): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

/** The examples of a help, each as one line. */
function examplesIn(help: string): readonly string[] {
  const [, section = ""] = /\nExamples?:\n((?: {2}[^\n]*\n|\s*\\\n)+)/.exec(`${help}\n`) ?? [];
  return section
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The words behind `onboarding`, up to a pipe. */
function wordsOf(example: string): readonly string[] {
  const [, line = ""] = /(?:^|\s)onboarding (.*?)(?: \| .*)?$/.exec(example) ?? [];
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
}

/** Parses the words and carries out nothing. */
async function parse(words: readonly string[]): Promise<string> {
  const program = await createProgram(words);
  let called = "";
  for (const { command, path } of walk(program, [])) {
    command.configureOutput({ writeErr: () => {} });
    // A group has no action; given one, it would take what is no subcommand.
    if (command.commands.length === 0) {
      command.action(() => {
        called = path.join(" ");
      });
    }
  }
  await program.parseAsync(words, { from: "user" });
  return called;
}

const named = places.map((place) => [["onboarding", ...place.path].join(" "), place] as const);

test("there is all that the overview names", () => {
  expect(named.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      "onboarding publish",
      ...["list", "show", "create", "resend", "accept", "revoke", "delete"].map(
        (name) => `onboarding invitations ${name}`,
      ),
      ...["export", "plan", "apply", "show", "assign", "replace", "remove"].map(
        (name) => `onboarding roles ${name}`,
      ),
      ...["list", "show", "redrive", "discard"].map((name) => `onboarding dead-letters ${name}`),
      "onboarding reconcile",
      "onboarding secret check",
      "onboarding status",
    ]),
  );
});

describe.each(named)("%s --help", (name, place) => {
  const help = helpOf(place);

  test("says how to call it, and with which codes it ends", () => {
    expect(help.startsWith(`Usage: ${name} `)).toBe(true);
    expect(help).toMatch(/\nExit codes:[\s\n]/);
  });

  test("says of every option what it is for", () => {
    expect(place.command.description()).not.toBe("");
    expect(
      place.command.options
        .filter(({ description }) => description === "")
        .map(({ flags }) => flags),
    ).toEqual([]);
  });

  test("shows examples that are ones", async () => {
    const examples = examplesIn(help);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(example).toContain("onboarding ");
      const called = await parse(wordsOf(example));
      expect(called.split(" ").slice(0, place.path.length)).toEqual(place.path);
    }
  });
});

test("an example with an option that is not there would be found", async () => {
  await expect(parse(["status", "--lokal"])).rejects.toThrow(CommanderError);
  await expect(parse(["roles", "shwo"])).rejects.toThrow(CommanderError);
});

test("what prints a table prints JSON as well", () => {
  const without = places
    .filter(({ command }) => command.commands.length === 0)
    .filter(({ command }) => !command.options.some(({ long }) => long === "--json"))
    .map(({ path }) => path.join(" "));
  // It writes YAML.
  expect(without).toEqual(["roles export"]);
});

test("help of a subcommand is that of the subcommand, with its own exit codes", async () => {
  const { code, stdout } = await runInProcess(["help", "roles", "plan"], {});
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: onboarding roles plan /);
  expect(stdout).not.toContain("apply between");
});
