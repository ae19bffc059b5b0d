import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Duplicate,
  eventIds,
  finalState,
  type Played,
  play,
  SLOT,
  type Step,
} from "./play.ts";
import {
  type Delivered,
  HOUR,
  MINUTE,
  openWorld,
  type Person,
  START,
  type World,
} from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.standIn.seed({ users: [{ id: INVITER_ID, primaryEmail: "inviter@example.com" }] });
});
afterAll(() => world.close());

/** A user who invites, and who is not the invitee. */
const INVITER_ID = "inviter";

const optional = <Value>(name: string, value: fc.Arbitrary<Value>) =>
  fc
    .option(value, { nil: undefined })
    .map((given) => (given === undefined ? {} : { [name]: given }));

const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<Step["data"]> =>
  fc.tuple(...parts).map((objects) => Object.assign({}, ...objects));

const link = fc.constantFrom(
  { link: "https://example.com/join" },
  { link: "https://example.com/{invitationId}" },
);

const lifetime = fc.oneof(
  fc.constant({}),
  fc.constantFrom("PT2H", "PT6H", "PT26H").map((expiresIn) => ({ expiresIn })),
  // Two creates may ask for the very same end.
  fc.constantFrom(1, 3, 6).map((slots) => ({ expiresAt: START + slots * SLOT + 2 * HOUR })),
);

const createData = merged(
  lifetime,
  optional("ifPending", fc.constantFrom("keep", "resend", "replace")),
  optional("organizationRoleIds", fc.subarray(["member", "role-admin"])),
  optional("inviterId", fc.constant(INVITER_ID)),
  optional("message", fc.oneof(fc.constant(false), link)),
);

const acceptData = merged(optional("acceptedUserId", fc.constantFrom(INVITER_ID, "nobody")));

const crash = fc.record({
  at: fc.integer({ min: 1, max: 4 }),
  kind: fc.constantFrom("droppedConnection" as const, "lostResponse" as const, "end" as const),
});

const duplicate: fc.Arbitrary<Duplicate> = fc.record({
  afterSteps: fc.nat(6),
  how: fc.constantFrom("sent again" as const, "same message" as const),
});

const stepOf = (word: Step["word"], data: fc.Arbitrary<Step["data"]>): fc.Arbitrary<Step> =>
  fc.record({
    word: fc.constant(word),
    data,
    named: fc.constantFrom("none" as const, "none" as const, "newest" as const, "oldest" as const),
    backlog: fc.constantFrom(0, 0, 0, 1, 3),
    crashes: fc.array(crash, { maxLength: 2 }),
    duplicates: fc.array(duplicate, { maxLength: 3 }),
  });

/** Time after the last event, for duplicates. */
const idle: readonly Step[] = [1, 2, 3].map(() => ({
  word: "wait",
  data: {},
  named: "none",
  backlog: 0,
  crashes: [],
  duplicates: [],
}));

const step = fc.oneof(
  { weight: 5, arbitrary: stepOf("create", createData) },
  { weight: 3, arbitrary: stepOf("resend", merged(optional("message", link))) },
  { weight: 1, arbitrary: stepOf("accept", acceptData) },
  { weight: 3, arbitrary: stepOf("revoke", fc.constant({})) },
  { weight: 1, arbitrary: stepOf("delete", fc.constant({})) },
  { weight: 2, arbitrary: stepOf("wait", fc.constant({})) },
);

/**
 * The known limits. Not delivered again are:
 * - an event that did not end `done`;
 * - anything once the invitee's invitations were deleted: Logto has forgotten it then;
 * - what left no trace (a create that kept another invitation, a resend of a pending one, an accept
 *   that found it accepted) as the very same message after something else happened: FIFO does not do
 *   that, and it cannot be told from a first delivery in a backlog;
 * - what left no trace on an invitation that was created more than five minutes after the event
 *   was asked for, which takes a backlog.
 */
function mayRepeat(
  { step: { word }, delivered, askedAt }: Played,
  { how }: Duplicate,
  since: readonly Played[],
): boolean {
  const { outcome } = delivered;
  if (outcome?.outcome !== "done") return false;
  if (word !== "create" && word !== "resend" && word !== "accept") return false;
  if (since.some((later) => later.step.word === "delete")) return false;
  if (!TRACELESS.includes(outcome.detail)) return true;
  const found = world.standIn.state.invitations.get(outcome.invitationId ?? "");
  return how === "sent again" && (found?.createdAt ?? 0) <= askedAt + 5 * MINUTE;
}

const TRACELESS = ["already-pending", "was-already-pending", "resent", "already-accepted"];

/** Whether an event ended in a way that takes an e-mail of its own. */
function isMailed({ word, data }: Step, { outcome }: Delivered): boolean {
  if (outcome?.outcome !== "done" || data["message"] === false) return false;
  return (word === "create" || word === "resend") && MAILED.includes(outcome.detail);
}

const MAILED = ["created", "replaced", "renewed", "resent", "already-carried-out"];

test("crashes and duplicates change nothing", async () => {
  let example = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) => [...steps, ...idle]),
      fc.boolean(),
      async (steps, isSpelledOtherwise) => {
        example += 1;
        const spelled = (invitee: string) => (isSpelledOtherwise ? invitee.toUpperCase() : invitee);
        const ids = eventIds(`example-${example}`, steps.length);
        const once = world.person(spelled);
        const often = world.person(spelled);
        const neverTwoPending = (person: Person) => () => {
          const pending = person
            .invitations()
            .filter(({ status, expiresAt }) => status === "Pending" && expiresAt >= world.now());
          expect(pending.length).toBeLessThanOrEqual(1);
        };
        await play(world, once, steps, ids, neverTwoPending(once));
        const expected = finalState(world, once);
        const played = await play(world, often, steps, ids, neverTwoPending(often), mayRepeat);
        expect(finalState(world, often)).toEqual(expected);
        for (const { id, step, delivered, extraDeliveries } of played) {
          const emails = often.emails().filter(({ payload }) => payload["mark"] === id).length;
          expect(emails).toBeLessThanOrEqual(1 + extraDeliveries);
          if (isMailed(step, delivered)) expect(emails).toBeGreaterThanOrEqual(1);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
