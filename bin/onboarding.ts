import { Command } from "commander";
import { publishCommand } from "./commands/publish.ts";
import { UsageError } from "./usage-error.ts";

const program = new Command("onboarding")
  .description("Operate Logto onboarding: publish events to its queues.")
  .addCommand(publishCommand())
  .exitOverride((error) => {
    // Help and version end well. Everything else commander complains about is a wrong command line.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
