import { Command } from "commander";
import { explain } from "../local/explain.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { publishCommand } from "./commands/publish.ts";
import { rolesCommand } from "./commands/roles.ts";
import { UsageError } from "./usage-error.ts";

const program = new Command("onboarding")
  .description(
    "Operate Logto onboarding: publish events, see to what was given up, and keep roles as declared.",
  )
  .addCommand(publishCommand())
  .addCommand(deadLettersCommand())
  .addCommand(rolesCommand());

/** Whoever asks for this code has 2 mean changes: a command line that is wrong must not look like it. */
const usageErrorCode = process.argv.includes("--detailed-exitcode") ? 1 : 2;

exitAsDocumented(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof UsageError ? usageErrorCode : 1;
}

/** Help ends well. Everything else that commander itself ends with is a wrong command line. */
function exitAsDocumented(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : usageErrorCode));
  for (const subcommand of command.commands) exitAsDocumented(subcommand);
}
