import { Command } from "commander";
import { examples } from "../dead-letter-options.ts";
import { discardCommand, redriveCommand } from "./dead-letters-act.ts";
import { listCommand, showCommand } from "./dead-letters-list.ts";

/** `onboarding dead-letters …`: what was given up, why, and what to do with it. */
export const deadLettersCommand = (): Command =>
  new Command("dead-letters")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(redriveCommand())
    .addCommand(discardCommand())
    .addHelpText(
      "after",
      `${examples(
        "list --stage prod",
        "list --stage prod --invitee ada@example.com",
        "show --stage prod 2f0c9e6e-acme-ada",
        "redrive --stage prod --reason email-provider-failed --dry-run",
        "discard --stage prod --reason expired --older-than 3d",
      )}
Exit codes: 0 done, 1 AWS failed or redrive or discard could not look at all of them, 2 something is wrong
with the command and nothing changed, 130 interrupted by Ctrl-C.`,
    );
