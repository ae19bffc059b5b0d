import { Command } from "commander";
import type { EventType } from "../../lib/events/event.ts";
import { SENDING_HELP, type SendOptions, sendEvent, withSending } from "../send-event.ts";

type ChangeOptions = SendOptions & { resource?: string };

export const assignCommand = (): Command =>
  withScopes(new Command("assign"), "<scopes...>")
    .description("Give a role resource scopes beside those it holds.")
    .addHelpText("after", help("assign admin --resource https://api.example.com read write"))
    .action(send("onboarding.role-scopes.assign"));

export const replaceCommand = (): Command =>
  withScopes(new Command("replace"), "[scopes...]")
    .description("Make these the scopes of a role, and no others; none at all takes all away.")
    .addHelpText("after", help("replace reader --resource https://api.example.com read"))
    .action(send("onboarding.role-scopes.replace"));

export const removeCommand = (): Command =>
  withScopes(new Command("remove"), "<scopes...>")
    .description("Take resource scopes from a role.")
    .addHelpText("after", help("remove admin --resource https://api.example.com write"))
    .action(send("onboarding.role-scopes.remove"));

const withScopes = (command: Command, scopes: string): Command =>
  withSending(command)
    .argument(
      "<role>",
      "the organization role, by id or name: always the same way, for their order",
    )
    .argument(scopes, "names of scopes with --resource, else their ids")
    .option("--resource <indicator>", "the API resource whose scopes are named");

const send =
  (type: EventType) =>
  async (role: string, scopes: readonly string[], options: ChangeOptions): Promise<void> => {
    const { resource } = options;
    const named = scopes.map((scope) => (resource === undefined ? scope : { resource, scope }));
    await sendEvent(type, { role, scopes: named }, options);
    // Carried out here, Logto itself has told.
    if (resource === undefined && !options.direct) noteNames(scopes);
  };

/** Logto makes ids of 21 lower-case letters and digits. Another word may be a name, and would be no scope. */
function noteNames(scopes: readonly string[]): void {
  const words = scopes.filter((scope) => !/^[a-z0-9]{21}$/.test(scope));
  if (words.length === 0) return;
  console.error(
    `Without --resource a scope is named by its id, which ${words.join(", ")} does not look like: ` +
      "give --resource <indicator> if it is a name.",
  );
}

const help = (example: string) => `
Examples:
  onboarding roles ${example} --stage prod
  onboarding roles ${example} --local --direct
${SENDING_HELP}`;
