import { setTimeout as wait } from "node:timers/promises";
import type { EventMessage } from "../../lib/events/message.ts";
import { publishEvents } from "../../lib/events/publish.ts";
import { createAwsClients } from "../../local/aws/clients.ts";
import { startAwsStandIn } from "../../local/aws/server.ts";
import { startLogtoStandIn } from "../../local/logto/server.ts";
import { standInTarget } from "../../local/logto-target.ts";
import { followOutcomes, type LoggedOutcome } from "../../local/outcomes.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { rehearsalMessages } from "./events.ts";
import { rotationOf } from "./rotate.ts";

/** What came of a rehearsal. */
export type Rehearsal = {
  readonly events: number;
  /** Not done, or tried again for the credentials. */
  readonly failed: readonly string[];
  readonly triedAgain: number;
  /** Published and not done at the moment in which the old client secret was deleted. */
  readonly underWayAtDeletion: number;
  readonly tokenRequests: number;
  /** Requests that Logto answered with 401: those with an old token, or for one with the old secret. */
  readonly refusals: number;
  /** By the functions: the checks excepted. */
  readonly secretReads: number;
  readonly seconds: number;
};

/** The stand-in answers faster than Logto Cloud allows. */
const SETTINGS = { LOGTO_REQUESTS_PER_SECOND: "600", LOGTO_REQUEST_BURST: "600" };

/** Reads of the secret by a rotation itself: one for the value, and two checks. */
const READS_OF_ROTATION = 3;

const OF_CREDENTIALS = ["unauthorized", "not-configured", "secret-unavailable"];

/**
 * Rotates Logto's client secret while events flow through the stack of serverless.yml: a third of them
 * meanwhile the new secret is prepared, a third while it is promoted and the old one deleted, and a
 * third after that.
 *
 * @param patienceMs what has no outcome after it counts as failed.
 */
export async function rehearseRotation(options: {
  readonly events: number;
  readonly patienceMs: number;
  readonly log: (line: string) => void;
}): Promise<Rehearsal> {
  const { events, patienceMs, log } = options;
  const aws = await startAwsStandIn();
  const logto = await startLogtoStandIn();
  const clients = createAwsClients(aws);
  const ended = new Map<string, LoggedOutcome>();
  const retried = new Map<string, string>();
  const outcomes = followOutcomes((outcome) => {
    if (outcome.outcome === "retry") retried.set(outcome.messageId, outcome.reason ?? "");
    else ended.set(outcome.messageId, outcome);
  });
  const parts = { aws, logto: standInTarget(logto), settings: SETTINGS };
  const stack = await startStack({}, outcomes.take, log, parts);
  const patience = new AbortController();
  const outOfPatience = wait(patienceMs, undefined, { signal: patience.signal }).catch(() => {});
  const untilEnded = (ids: readonly string[]) =>
    Promise.race([Promise.all(ids.map(outcomes.final)), outOfPatience]);
  try {
    const rotation = rotationOf({
      logto,
      secretsManager: clients.secretsManager,
      awsEndpoint: aws.endpoint,
      secretId: stack.file.functions["invitations"]?.["LOGTO_SECRET_ID"] ?? "",
    });
    const [before, meanwhile, after] = inThirds(rehearsalMessages(events));
    const beganAt = performance.now();

    const first = await publish(before, stack);
    await Promise.all([untilEnded(first), rotation.prepare()]);
    log(`${ended.size} done; the new secret works and waits`);

    const second = await publish(meanwhile, stack);
    // From then on the containers are at work with tokens of the old secret.
    await untilEnded(second.slice(0, 1));
    await rotation.promote();
    rotation.deleteOld();
    const underWayAtDeletion = second.filter((id) => !ended.has(id)).length;
    log(`${ended.size} done; promoted, and the old secret deleted`);

    const third = await publish(after, stack);
    await Promise.all([untilEnded([...second, ...third]), rotation.check()]);
    const seconds = (performance.now() - beganAt) / 1000;

    const failed = [...first, ...second, ...third].filter(
      (id) =>
        ended.get(id)?.outcome !== "done" || OF_CREDENTIALS.includes(retried.get(id) ?? "none"),
    );
    return {
      events,
      failed: failed.map((id) => ended.get(id)?.reason ?? retried.get(id) ?? "no outcome"),
      triedAgain: retried.size,
      underWayAtDeletion,
      tokenRequests: logto.calls.count("POST /oidc/token"),
      refusals: logto.calls.statuses()[401] ?? 0,
      secretReads: (aws.secretsManager.calls["GetSecretValue"] ?? 0) - READS_OF_ROTATION,
      seconds,
    };
  } finally {
    patience.abort();
    clients.destroy();
    await stack.stop();
  }
}

type Messages = readonly EventMessage[];

function inThirds(messages: Messages): readonly [Messages, Messages, Messages] {
  const third = Math.ceil(messages.length / 3);
  return [messages.slice(0, third), messages.slice(third, 2 * third), messages.slice(2 * third)];
}

/** @returns the SQS message id of each. */
const publish = (messages: Messages, { sqs, queue }: Stack): Promise<readonly string[]> =>
  publishEvents(
    sqs,
    { invitations: queue("InvitationsQueue").url, "role-scopes": queue("RoleScopesQueue").url },
    messages,
    { concurrency: 4 },
  );
