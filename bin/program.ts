import { Command } from "commander";
import { VERSION } from "./version.ts";

/** A command: what the overview says of it, and the module that it is in. */
type Entry = { readonly description: string; readonly load: () => Promise<Command> };

/** Modules are loaded when their command is asked for: they are the larger part of the start. */
const COMMANDS: ReadonlyMap<string, Entry> = new Map([
  [
    "publish",
    {
      description: "Check the events of a file, JSON, NDJSON or CSV, and publish them.",
      load: async () => (await import("./commands/publish.ts")).publishCommand(),
    },
  ],
  [
    "invitations",
    {
      description: "See invitations, and create, resend, accept, revoke or delete them.",
      load: async () => (await import("./commands/invitations.ts")).invitationsCommand(),
    },
  ],
  [
    "roles",
    {
      description:
        "See and change the resource scopes of organization roles, and keep them as declared.",
      load: async () => (await import("./commands/roles.ts")).rolesCommand(),
    },
  ],
  [
    "reconcile",
    {
      description: "Compare what is declared with what Logto holds, and publish the difference.",
      load: async () => (await import("./commands/reconcile.ts")).reconcileCommand(),
    },
  ],
  [
    "dead-letters",
    {
      description: "See what was given up and why, send it again or delete it.",
      load: async () => (await import("./commands/dead-letters.ts")).deadLettersCommand(),
    },
  ],
  [
    "trace",
    {
      description: "Find out why somebody got no invitation.",
      load: async () => (await import("./commands/trace.ts")).traceCommand(),
    },
  ],
  [
    "secret",
    {
      description: "See whether the stored credentials of Logto work.",
      load: async () => (await import("./commands/secret.ts")).secretCommand(),
    },
  ],
  [
    "status",
    {
      description: "Look at the queues, their dead letters, the secret and Logto.",
      load: async () => (await import("./commands/status.ts")).statusCommand(),
    },
  ],
]);

export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()];

/**
 * The command line with the commands that the parameters may mean. Of the others it has the name and
 * what they are for, which is enough for the overview and to find out what a typing error meant.
 *
 * @param parameters behind the program's name.
 */
export async function createProgram(parameters: readonly string[]): Promise<Command> {
  const program = new Command("onboarding")
    .description(
      "Operate Logto onboarding: publish events, see what Logto holds and change it, keep roles as declared, and look after what was given up.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .addHelpText("after", HELP);
  // The second word may be the command: "help publish".
  const words = parameters.filter((word) => !word.startsWith("-")).slice(0, 2);
  for (const [name, { description, load }] of COMMANDS) {
    const command = words.includes(name) ? await load() : new Command(name);
    program.addCommand(command.description(description));
  }
  leaveTheEndToMain(program, "onboarding");
  return program;
}

const HELP = `
Examples:
  onboarding publish --local events/invitation.create.json
  onboarding invitations list --stage prod --status pending
  onboarding roles plan --stage prod
  onboarding status --local

A command works on the stack of --stage, with --local on that of npm start, else on what the environment
names. Each has --help with examples, and --json where it prints a table.

Exit codes: 0 done, 1 something failed or is left to do, 2 something is wrong with the command, a file or
what it names and nothing was changed, 130 interrupted by Ctrl-C.`;

/** Commander tells what is wrong and where to look, and does not end the process. */
function leaveTheEndToMain(command: Command, path: string): void {
  command.exitOverride().showHelpAfterError(`See ${path} --help.`);
  for (const subcommand of command.commands) {
    leaveTheEndToMain(subcommand, `${path} ${subcommand.name()}`);
  }
}
