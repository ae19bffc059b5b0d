import { Command, InvalidArgumentError, Option } from "commander";
import { ifPendingPolicies } from "../../lib/events/invitation-create.ts";
import { isoDuration } from "../duration.ts";
import { SENDING_HELP, type SendOptions, sendEvent, withSending } from "../send-event.ts";
import { UsageError } from "../usage-error.ts";
import { readInvitation } from "./invitations-list.ts";

type MessageOptions = { locale?: string; link?: string; variable?: Record<string, string> };

type CreateOptions = SendOptions &
  MessageOptions & {
    organization: string;
    invitee: string;
    role?: string[];
    inviter?: string;
    expiresIn?: string;
    expiresAt?: string;
    email: boolean;
    ifPending?: string;
  };

export const createCommand = (): Command =>
  withMessage(withSending(new Command("create")))
    .description("Invite a person into an organization.")
    .requiredOption("--organization <id>", "the organization")
    .requiredOption("--invitee <address>", "the person's e-mail address")
    .option("--role <role>", "an organization role by id or name; may be repeated", collect)
    .option("--inviter <id>", "the user who invites")
    .option("--expires-in <duration>", "lifetime, such as 14d, 36h or P7D", isoDuration)
    .option("--expires-at <time>", "when it ends, as RFC 3339 time")
    .option("--no-email", "send no e-mail")
    .addOption(
      new Option("--if-pending <policy>", "what to do about one that is pending").choices(
        ifPendingPolicies,
      ),
    )
    .addHelpText(
      "after",
      `
Examples:
  onboarding invitations create --local --organization acme --invitee ada@example.com --role member
  onboarding invitations create --stage prod --organization acme --invitee ada@example.com \\
    --expires-in P14D --link 'https://app.example.com/join?token={oneTimeToken}' --locale de
${SENDING_HELP}`,
    )
    .action((options: CreateOptions) =>
      sendEvent(
        "onboarding.invitation.create",
        {
          organizationId: options.organization,
          invitee: options.invitee,
          organizationRoleIds: options.role,
          inviterId: options.inviter,
          expiresIn: options.expiresIn,
          expiresAt: options.expiresAt,
          message: options.email ? messageOf(options) : false,
          ifPending: options.ifPending,
        },
        options,
      ),
    );

const withMessage = (command: Command): Command =>
  command
    .option("--locale <locale>", "language of the e-mail")
    .option("--link <link>", "link of the e-mail, fixed or a template")
    .option("--variable <name=value>", "another variable of the e-mail; may be repeated", variable);

function messageOf({ locale, link, variable: others }: MessageOptions) {
  const given = { ...others, ...(locale ? { locale } : {}), ...(link ? { link } : {}) };
  return Object.keys(given).length === 0 ? undefined : given;
}

function variable(text: string, sofar: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("Give it as name=value.");
  }
  return { ...sofar, [name]: value };
}

const collect = (value: string, sofar: readonly string[] = []): readonly string[] => [
  ...sofar,
  value,
];

type WhichOptions = SendOptions & { organization?: string; invitee?: string };

/** A command on an invitation that exists: named by its id, or by organization and invitee. */
const withWhich = (command: Command): Command =>
  withSending(command)
    .argument("[invitation]", "its id; Logto is asked whose it is")
    .option("--organization <id>", "instead of the id: the organization")
    .option("--invitee <address>", "and the invitee");

export const resendCommand = (): Command =>
  withMessage(withWhich(new Command("resend")))
    .description("Send the e-mail again, with a link that works: an expired one is renewed.")
    .addHelpText("after", whichHelp("resend"))
    .action(async (id: string | undefined, options: WhichOptions & MessageOptions) => {
      const data = { ...(await which(id, options)), message: messageOf(options) };
      await sendEvent("onboarding.invitation.resend", data, options);
    });

export const acceptCommand = (): Command =>
  withWhich(new Command("accept"))
    .description("Make a user a member, with the invitation's roles.")
    .requiredOption("--user <id>", "the user, whose primary e-mail is the invitee's")
    .addHelpText("after", whichHelp("accept", " --user 8k2mzq01x7ua"))
    .action(async (id: string | undefined, options: WhichOptions & { user: string }) => {
      const data = { ...(await which(id, options)), acceptedUserId: options.user };
      await sendEvent("onboarding.invitation.accept", data, options);
    });

export const changeCommand = (name: "revoke" | "delete", description: string): Command =>
  withWhich(new Command(name))
    .description(description)
    .addHelpText("after", whichHelp(name))
    .action(async (id: string | undefined, options: WhichOptions) => {
      await sendEvent(`onboarding.invitation.${name}`, await which(id, options), options);
    });

const whichHelp = (name: string, more = "") => `
Examples:
  onboarding invitations ${name} --stage prod 2dj5xe1q0r9c${more}
  onboarding invitations ${name} --local --organization acme --invitee ada@example.com${more}
${SENDING_HELP}`;

/** @throws UsageError when it is not said which invitation, or there is none of that id. */
async function which(id: string | undefined, options: WhichOptions) {
  const { organization: organizationId, invitee } = options;
  if (id === undefined && organizationId !== undefined && invitee !== undefined) {
    return { organizationId, invitee };
  }
  if (id === undefined || organizationId !== undefined || invitee !== undefined) {
    throw new UsageError(
      "Which invitation is not said: give its id, or --organization and --invitee.",
    );
  }
  const invitation = await readInvitation(id, options);
  return {
    organizationId: invitation.organizationId,
    invitee: invitation.invitee,
    invitationId: id,
  };
}
