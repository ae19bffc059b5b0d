import { Command } from "commander";
import { explain } from "../local/explain.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { invitationsCommand } from "./commands/invitations.ts";
import { publishCommand } from "./commands/publish.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { rolesCommand } from "./commands/roles.ts";
import { secretCommand } from "./commands/secret.ts";
import { statusCommand } from "./commands/status.ts";
import { UsageError } from "./usage-error.ts";

const program = new Command("onboarding")
  .description(
    "Operate Logto onboarding: publish events, see what Logto holds and change it, keep roles as declared, and see to what was given up.",
  )
  .addCommand(publishCommand())
  .addCommand(invitationsCommand())
  .addCommand(rolesCommand())
  .addCommand(reconcileCommand())
  .addCommand(deadLettersCommand())
  .addCommand(secretCommand())
  .addCommand(statusCommand());

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
