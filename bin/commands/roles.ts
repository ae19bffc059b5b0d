import { Command } from "commander";
import { assignCommand, removeCommand, replaceCommand } from "./roles-change.ts";
import { applyCommand, exportCommand, planCommand } from "./roles-declared.ts";
import { showCommand } from "./roles-show.ts";

/** `onboarding roles …`: the resource scopes of organization roles. */
export const rolesCommand = (): Command =>
  new Command("roles")
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(planCommand())
    .addCommand(applyCommand())
    .addCommand(assignCommand())
    .addCommand(replaceCommand())
    .addCommand(removeCommand())
    .addHelpText(
      "after",
      `
Examples:
  onboarding roles export --stage prod
  onboarding roles plan --stage prod --detailed-exitcode
  onboarding roles assign admin --resource https://api.example.com read write --stage prod

Exit codes: 0 done, 1 not done or AWS or Logto failed, 2 something is wrong with the command.`,
    );
