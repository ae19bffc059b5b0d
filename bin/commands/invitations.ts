import { Command } from "commander";
import {
  acceptCommand,
  changeCommand,
  createCommand,
  resendCommand,
} from "./invitations-change.ts";
import { listCommand, showCommand } from "./invitations-list.ts";

/** `onboarding invitations …`: see what Logto holds, and ask for a change of it. */
export const invitationsCommand = (): Command =>
  new Command("invitations")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(resendCommand())
    .addCommand(acceptCommand())
    .addCommand(changeCommand("revoke", "End a pending invitation: it can no longer be accepted."))
    .addCommand(changeCommand("delete", "Let Logto forget an invitation. A member stays one."))
    .addHelpText(
      "after",
      `
Examples:
  onboarding invitations list --stage prod --organization acme --status pending
  onboarding invitations create --stage prod --organization acme --invitee ada@example.com --role member
  onboarding invitations revoke --local 2dj5xe1q0r9c --direct

Exit codes: 0 done, 1 not done or AWS or Logto failed, 2 something is wrong with the command.`,
    );
