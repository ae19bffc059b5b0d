import * as v from "valibot";
import { parseEventBody } from "../../../lib/events/parse.ts";
import { isFor } from "../../../lib/events/queue-name.ts";
import { carryOutInvitationEvent } from "../../../lib/invitations/carry-out.ts";
import { createResourceDirectory } from "../../../lib/logto/resource-directory.ts";
import { createRoleDirectory } from "../../../lib/logto/role-directory.ts";
import type { ReconcileAnswer } from "../../../lib/reconcile/answer.ts";
import { parseOptions } from "../../../lib/reconcile/options.ts";
import type { ReconcilePolicy } from "../../../lib/reconcile/policy.ts";
import { type ReconcileParts, reconcile } from "../../../lib/reconcile/run.ts";
import { carryOutRoleScopesEvent } from "../../../lib/role-scopes/carry-out.ts";
import { parseDeclaration } from "../../../lib/role-scopes/declaration.ts";
import type { SeedInvitation } from "../../../local/logto/seed.ts";
import { type LogtoStandIn, startLogtoStandIn } from "../../../local/logto/server.ts";
import { type Queues, startQueues } from "../../support/queues.ts";
import { testClient } from "../logto/test-client.ts";
import { DAY_MS, HOUR_MS, NOON } from "./invitation.ts";

/** What a run is given in a test: the payload, and what is to be unlike the world's own. */
export type Run = Partial<Omit<ReconcileParts, "declaration" | "policy">> & {
  readonly policy?: Partial<ReconcilePolicy>;
  /** The text of a `role-scopes.yml`. */
  readonly declaration?: string;
};

/** Logto, SQS and a clock, between which reconciliations run. */
export type World = {
  readonly standIn: LogtoStandIn;
  readonly queues: Queues;
  readonly now: () => number;
  readonly set: (now: number) => void;
  /** Puts invitations into Logto: pending and for a month, unless told otherwise. */
  readonly seed: (...invitations: readonly Partial<SeedInvitation>[]) => void;
  readonly run: (payload: unknown, run?: Run) => Promise<ReconcileAnswer>;
  /** Takes the events out of both queues, sorted by their ids. */
  readonly events: () => Promise<readonly QueuedEvent[]>;
  /** Carries out events as the functions do; gives the details of their outcomes. */
  readonly carryOut: (events: readonly QueuedEvent[]) => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
};

export type QueuedEvent = {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly queue: "invitations" | "role-scopes";
  readonly group: string;
  readonly body: string;
};

export const everything: Partial<ReconcilePolicy> = {
  remindAfter: [
    { text: "P3D", ms: 3 * DAY_MS },
    { text: "P6D", ms: 6 * DAY_MS },
  ],
  renewal: { withinMs: 2 * DAY_MS, atMost: 1 },
  keepEndedMs: 90 * DAY_MS,
};

const nothing: ReconcilePolicy = {
  everyMs: HOUR_MS,
  remindAfter: [],
  changesAtMost: 1_000,
  roleScopesFile: "role-scopes.yml",
};

let worlds = 0;

export async function startWorld(): Promise<World> {
  let clock = NOON;
  const now = () => clock;
  const standIn = await startLogtoStandIn({ now, emailDelayMs: 0 });
  standIn.seed({
    organizations: [{ id: "acme", name: "Acme" }],
    roles: [{ id: "member", name: "member" }],
  });
  const logto = testClient(standIn, { now });
  const queues = await startQueues();
  const name = `world-${++worlds}`;
  const queueUrls = {
    invitations: await queues.create(`${name}-invitations.fifo`),
    "role-scopes": await queues.create(`${name}-role-scopes.fifo`),
  };
  const drain = async (queue: keyof typeof queueUrls): Promise<readonly QueuedEvent[]> =>
    (await queues.drain(queueUrls[queue])).map(({ Body = "", Attributes }) => ({
      ...v.parse(eventSchema, Body),
      queue,
      group: Attributes?.MessageGroupId ?? "",
      body: Body,
    }));

  return {
    standIn,
    queues,
    now,
    set: (time) => {
      clock = time;
    },
    seed: (...invitations) => {
      standIn.seed({
        invitations: invitations.map((fields, index) => ({
          organizationId: "acme",
          invitee: `invitee-${index}@example.com`,
          expiresAt: NOON + 30 * DAY_MS,
          ...fields,
        })),
      });
    },
    run: (payload, { policy, declaration, ...parts } = {}) =>
      reconcile(parseOptions(payload), {
        logto,
        sqs: async () => queues.sqs,
        queueUrls,
        now,
        endBy: clock + 885_000,
        onProgress: () => {},
        ...parts,
        policy: { ...nothing, ...policy },
        declaration:
          declaration === undefined ? undefined : parseDeclaration(declaration, "role-scopes.yml"),
      }),
    events: async () =>
      [...(await drain("invitations")), ...(await drain("role-scopes"))].toSorted((a, b) =>
        a.id < b.id ? -1 : 1,
      ),
    carryOut: async (events) => {
      const details: string[] = [];
      for (const { body } of events) {
        const parsed = parseEventBody(body);
        if (!parsed.ok) throw new Error(parsed.reason);
        const roles = createRoleDirectory(HOUR_MS, now);
        const outcome = isFor("invitations", parsed.event)
          ? await carryOutInvitationEvent(parsed.event, {
              delivery: { sentAt: clock, receiveCount: 1 },
              logto,
              roles,
              policy: {
                expirySeconds: (7 * DAY_MS) / 1000,
                sendsEmail: true,
                variables: {},
                ifPending: "keep",
              },
              now: clock,
            })
          : isFor("role-scopes", parsed.event)
            ? await carryOutRoleScopesEvent(parsed.event, {
                logto,
                roles,
                resources: createResourceDirectory(HOUR_MS, now),
              })
            : undefined;
        details.push(outcome?.outcome === "done" ? outcome.detail : String(outcome?.outcome));
      }
      return details;
    },
    stop: async () => {
      await standIn.stop();
      await queues.stop();
    },
  };
}

const eventSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ id: v.string(), type: v.string(), time: v.string() }),
);
