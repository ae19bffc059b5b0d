import type { SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { startContainer } from "../../local/aws/container.ts";
import { type Bar, exactly } from "../bars.ts";
import type { Benchmark, Findings, Row } from "../benchmark.ts";
import { createEvent, sqsRecord } from "../stage/records.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import { uniquePrefix } from "../unique.ts";
import { type Case, cases } from "./cases.ts";
import { followCalls } from "./follow-calls.ts";

export const calls: Benchmark = {
  name: "calls",
  title: "Logto calls of each event, when it comes and when the same message comes again",
  onRealLogto: true,
  run,
};

const FIRST = "first delivery";
const REPLAY = "replay";

async function run(): Promise<Findings> {
  const stage = await openStage({ emailDelayMs: 0 }, { onRealLogto: true });
  const log = followCalls();
  const container = startContainer({
    handler: "functions/invitations.handler",
    environment: { ...stage.environment },
    timeoutSeconds: 45,
    onLine: log.take,
  });
  const deliver = async (record: SQSRecord): Promise<number> => {
    await container.invoke({ Records: [record] });
    return log.callsOf(record.messageId);
  };
  const undo: string[] = [];
  try {
    const rows: Row[] = [];
    for (const measured of cases) {
      if (measured.isMailed && !stage.canSendEmail) continue;
      const before = await standInCalls(stage);
      const { record, given } = await deliveryOf(measured, stage, undo);
      const first = await deliver(record);
      const attributes = { ...record.attributes, ApproximateReceiveCount: "2" };
      const replay = await deliver({ ...record, attributes });
      const seen = (await standInCalls(stage)) - before - given;
      if (!stage.isReal && seen !== first + replay) {
        throw new Error(`${measured.name}: ${first + replay} calls told of, ${seen} received.`);
      }
      rows.push({ name: measured.name, figures: { [FIRST]: first, [REPLAY]: replay } });
    }
    const { secretReads } = await stage.standIns.counts();
    return {
      rows,
      bars: [
        ...createBars(rows),
        exactly("token requests of the container", log.tokenRequests(), 1),
        exactly("reads of the secret by the container", secretReads, 1),
      ],
    };
  } finally {
    await container.stop();
    for (const path of undo) await stage.management("DELETE", path);
    await stage.stop();
  }
}

const createBars = (rows: readonly Row[]): readonly Bar[] =>
  rows
    .filter(({ name }) => name === "create" || name === "create without e-mail")
    .map(({ name, figures }) => exactly(`calls of a ${name}`, Number(figures[FIRST]), 1));

/** What the stand-in received, token requests excepted. */
async function standInCalls({ standIns }: Stage): Promise<number> {
  const { calls: received } = await standIns.counts();
  return Object.entries(received)
    .filter(([operation]) => operation !== "POST /oidc/token")
    .reduce((sum, [, count]) => sum + count, 0);
}

/**
 * Makes what the event finds, and the message.
 *
 * @param undo takes what has to be deleted in the end; the organization's invitations go with it.
 * @returns the message, and how many calls were made to prepare for it.
 */
async function deliveryOf(
  { word, data = {}, given }: Case,
  { management, organizationId }: Stage,
  undo: string[],
): Promise<{ readonly record: SQSRecord; readonly given: number }> {
  const prefix = uniquePrefix();
  const invitee = `${prefix}@example.com`;
  let made = 0;
  const make = async (path: string, body: object): Promise<string> => {
    made += 1;
    const { id } = v.parse(entity, await management("POST", path, body));
    if (path === USERS) undo.push(`${USERS}/${id}`);
    return id;
  };
  if (given === "pending") {
    const expiresAt = Date.now() + 3_600_000;
    await make("/api/organization-invitations", { organizationId, invitee, expiresAt });
  }
  const event = createEvent({ organizationId, prefix, groups: 1, email: false }, 0);
  const acceptedUserId =
    word === "accept" ? { acceptedUserId: await make(USERS, { primaryEmail: invitee }) } : {};
  const body = {
    ...event,
    type: `onboarding.invitation.${word}`,
    data: { organizationId, invitee, ...acceptedUserId, ...data },
  };
  return { record: sqsRecord(body, prefix, prefix), given: made };
}

const USERS = "/api/users";

const entity = v.object({ id: v.string() });
