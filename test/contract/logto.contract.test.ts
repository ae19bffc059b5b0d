import { afterAll, afterEach, beforeAll, describe, test } from "vitest";
import { startLogtoStandIn } from "../../local/logto/server.ts";
import { controlledCases } from "./cases/controlled.ts";
import { createCases } from "./cases/invitations-create.ts";
import { createEmailCases } from "./cases/invitations-create-email.ts";
import { createRefusalCases } from "./cases/invitations-create-refused.ts";
import { deleteCases } from "./cases/invitations-delete.ts";
import { readCases } from "./cases/invitations-read.ts";
import { lookupCases } from "./cases/lookups.ts";
import { messageCases } from "./cases/message.ts";
import { requestCases } from "./cases/requests.ts";
import { roleScopeChangeCases } from "./cases/role-scopes-change.ts";
import { roleScopeReadCases } from "./cases/role-scopes-read.ts";
import { statusCases } from "./cases/status.ts";
import { tokenCases } from "./cases/token.ts";
import type { Journal } from "./clean-ups.ts";
import { runControlled } from "./controlled.ts";
import { type Case, openSession, realTarget, type Session, type Target } from "./harness.ts";
import { startSweeper } from "./sweeper.ts";

const cases: readonly Case[] = [
  ...tokenCases,
  ...requestCases,
  ...createCases,
  ...createRefusalCases,
  ...createEmailCases,
  ...readCases,
  ...deleteCases,
  ...messageCases,
  ...statusCases,
  ...roleScopeReadCases,
  ...roleScopeChangeCases,
  ...lookupCases,
];

const real = realTarget(process.env);

if (real) {
  judge("the Logto of LOGTO_ENDPOINT", cases, async () => {
    const sweeper = startSweeper();
    return { target: real, journal: sweeper.journal, stop: sweeper.stop };
  });
} else {
  const [silent, others] = partition(cases, ({ needs }) => needs?.includes("noEmailConnector"));
  judge("the stand-in", others, () => standInTarget(true));
  judge("the stand-in without an e-mail connector", silent, () => standInTarget(false));
}

describe("the stand-in, where a case has to control it", () => {
  for (const controlled of controlledCases) {
    test(controlled.name, async ({ skip }) => {
      if (real) skip(`needs ${controlled.needs}, so it runs against the stand-in only`);
      await runControlled(controlled);
    });
  }
});

/** Runs the cases one after another; whatever a case made is removed as soon as it has ended. */
function judge(
  name: string,
  table: readonly Case[],
  open: () => Promise<{ target: Target; journal?: Journal; stop: () => Promise<void> }>,
): void {
  describe(name, { timeout: 60_000 }, () => {
    let session: Session;
    let stop: () => Promise<void>;
    const cleanUp = () => session.cleanUps.run();

    beforeAll(async () => {
      const opened = await open();
      stop = opened.stop;
      session = await openSession(opened.target, opened.journal);
    }, 60_000);
    afterEach(cleanUp, 60_000);
    afterAll(() => cleanUp().finally(stop), 60_000);

    for (const { name: sentence, needs, run } of table) {
      test(sentence, async ({ skip }) => {
        const reason = session.reasonToSkip(needs);
        if (reason) skip(reason);
        await run(session.logto);
      });
    }
  });
}

async function standInTarget(emailConnector: boolean) {
  const standIn = await startLogtoStandIn({ emailConnector });
  const target: Target = {
    endpoint: standIn.endpoint,
    appId: standIn.app.id,
    appSecret: standIn.app.secret,
    resource: standIn.resource,
    requestsPerSecond: Number.POSITIVE_INFINITY,
  };
  return { target, stop: standIn.stop };
}

function partition<T>(all: readonly T[], test: (one: T) => boolean | undefined): [T[], T[]] {
  return [all.filter((one) => test(one)), all.filter((one) => !test(one))];
}
