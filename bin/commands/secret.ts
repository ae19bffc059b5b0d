import { Command } from "commander";
import { type Credentials, parseCredentials } from "../../lib/logto/credentials.ts";
import { createExchanges } from "../../lib/logto/exchange.ts";
import { fetchToken } from "../../lib/logto/token-request.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";

type CheckOptions = TargetOptions & { pending?: boolean; json?: boolean };

const TIMEOUT_MS = 10_000;

const EXIT_CODES = `
Exit codes: 0 Logto gives a token with the scope all, 1 it does not or the secret cannot be used, 2
something is wrong with the command.`;

/** `onboarding secret check`. */
export const secretCommand = (): Command =>
  new Command("secret").addCommand(checkCommand()).addHelpText(
    "after",
    `
Example:
  onboarding secret check --stage prod
${EXIT_CODES}`,
  );

const checkCommand = (): Command =>
  withTarget(new Command("check"))
    .description(
      "Ask Logto for a token with the stored credentials. The secret itself is not shown.",
    )
    .option("--pending", "check the value under AWSPENDING, before it becomes the current one")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  onboarding secret check --stage prod
  onboarding secret check --stage prod --pending
  LOGTO_SECRET_ID=logto-onboarding/prod/logto onboarding secret check
${EXIT_CODES}`,
    )
    .action(check);

async function check({ pending, json, ...target }: CheckOptions): Promise<void> {
  const { environment } = await findTarget(target);
  const secretId = environment["LOGTO_SECRET_ID"] ?? "";
  if (secretId === "") {
    throw new UsageError(
      "No secret is named: name the stage with --stage, use --local while npm start is running, or set LOGTO_SECRET_ID.",
    );
  }
  // Loaded where it is needed: help does without.
  const { readSecretText } = await import("../../lib/runtime/secrets-manager.ts");
  const credentials = parseCredentials(
    await readSecretText(secretId, pending ? "AWSPENDING" : undefined),
  );
  const { endpoint, appId, resource } = credentials;
  if (json) {
    const { expiresInSeconds } = await tokenOf(credentials);
    const stage = pending ? "AWSPENDING" : "AWSCURRENT";
    const told = { secretId, stage, endpoint, appId, resource, scope: "all", expiresInSeconds };
    console.log(JSON.stringify(told, undefined, 2));
    return;
  }
  console.log(`secret    ${secretId}${pending ? " (AWSPENDING)" : ""}`);
  console.log(`endpoint  ${endpoint}`);
  console.log(`app       ${appId}`);
  console.log(`resource  ${resource}`);
  const { expiresInSeconds } = await tokenOf(credentials);
  console.log("scope     all");
  console.log(`token     good until ${timeIn(expiresInSeconds)}, for ${expiresInSeconds} s`);
}

const timeIn = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

/** @throws LogtoError saying what Logto refuses. */
const tokenOf = (credentials: Credentials) =>
  fetchToken(credentials, createExchanges().exchange, TIMEOUT_MS);
