import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillLink } from "../../../lib/events/link-template.ts";
import { parseEvent } from "../../../lib/events/parse.ts";
import { invitationPolicy } from "../../../lib/invitations/policy.ts";
import { EmailProviderFailedError, RecipientRateLimitedError } from "../../../lib/logto/errors.ts";
import { SettingsError, settingsReader } from "../../../lib/runtime/settings.ts";
import { DAY, HOUR, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe("the e-mail of a create", () => {
  const variables = { link: "https://example.com/join", locale: "en", team: "Acme" };
  const policy = { variables };

  test("says what the policy says", async () => {
    const ada = world.person();
    await world.deliver(ada.event("create"), { policy });
    expect(ada.emails()).toMatchObject([
      { link: "https://example.com/join", locale: "en", payload: { team: "Acme" } },
    ]);
  });

  test("says what the event says first, variable by variable", async () => {
    const ada = world.person();
    const message = { locale: "sv", seats: 3, trial: true };
    await world.deliver(ada.event("create", { message }), { policy });
    expect(ada.emails()).toMatchObject([
      {
        link: "https://example.com/join",
        locale: "sv",
        payload: { team: "Acme", seats: 3, trial: true },
      },
    ]);
  });

  test("is not sent when the event says false, whatever the policy says", async () => {
    const ada = world.person();
    const { calls } = await world.deliver(ada.event("create", { message: false }), { policy });
    expect(calls).toEqual(["create"]);
    expect(ada.invitations()).toHaveLength(1);
    expect(ada.emails()).toEqual([]);
  });

  test("is not sent when the policy sends none, unless the event asks for one", async () => {
    const ada = world.person();
    const bob = world.person();
    const silent = { policy: { sendsEmail: false, variables } };
    await world.deliver(ada.event("create"), silent);
    await world.deliver(bob.event("create", { message: {} }), silent);
    expect(ada.emails()).toEqual([]);
    expect(bob.emails()).toMatchObject([{ link: variables.link, payload: { team: "Acme" } }]);
  });

  test("that the provider does not take rolls the invitation back", async () => {
    const ada = world.person();
    world.standIn.faults.add({ on: "*", action: { kind: "emailOutage" }, times: 1 });
    const event = ada.event("create");
    const { error, calls } = await world.deliver(event);
    expect(error).toBeInstanceOf(EmailProviderFailedError);
    expect(calls).toEqual(["create"]);
    expect(ada.invitations()).toEqual([]);
    const again = await world.deliver(event, { receiveCount: 2 });
    expect(again.outcome).toMatchObject({ detail: "created" });
  });

  test("that is the recipient's eleventh in ten minutes is for later, and nothing is created", async () => {
    const ada = world.person();
    for (let sent = 0; sent < 5; sent++) {
      await world.deliver(ada.event("create"));
      await world.deliver(ada.event("create", { ifPending: "resend" }));
      await world.deliver(ada.event("revoke"));
    }
    const { error } = await world.deliver(ada.event("create"));
    expect(error).toBeInstanceOf(RecipientRateLimitedError);
    expect(ada.emails()).toHaveLength(10);
    expect(ada.invitations()).toHaveLength(5);
  });
});

describe("the link of the e-mail", () => {
  test("is filled with organization and invitee, URL-encoded, at no extra call", async () => {
    const ada = world.person();
    const invitee = `a+b.${ada.invitee}`;
    const link = "https://example.com/{organizationId}?as={invitee}&again={invitee}";
    const { calls } = await world.deliver(ada.event("create", { invitee, message: { link } }));
    const encoded = `a%2Bb.${ada.invitee.replace("@", "%40")}`;
    expect(calls).toEqual(["create"]);
    expect(ada.emails()).toMatchObject([
      { link: `https://example.com/${ada.organizationId}?as=${encoded}&again=${encoded}` },
    ]);
  });

  test("with the invitation's id follows the creation", async () => {
    const ada = world.person();
    const message = { link: "https://example.com/{invitationId}" };
    const { outcome, calls } = await world.deliver(ada.event("create", { message }));
    const [invitation] = ada.invitations();
    expect(outcome).toMatchObject({ detail: "created", invitationId: invitation?.id });
    expect(calls).toEqual(["create", "message"]);
    expect(ada.emails()).toMatchObject([{ link: `https://example.com/${invitation?.id}` }]);
  });

  test("with a one-time token costs one call before, and the token lives as long as the invitation", async () => {
    const ada = world.person();
    const message = { link: "https://example.com/?token={oneTimeToken}" };
    const { calls } = await world.deliver(ada.event("create", { message, expiresIn: "PT2H" }));
    expect(calls).toEqual(["one-time token", "create"]);
    const tokens = [...world.standIn.state.oneTimeTokens.values()];
    const own = tokens.filter(({ email }) => email === ada.invitee);
    expect(own).toHaveLength(1);
    expect(ada.emails()).toMatchObject([{ link: `https://example.com/?token=${own[0]?.token}` }]);
    const lifetimeMs = (own[0]?.expiresAt ?? 0) - world.now();
    expect(lifetimeMs).toBeLessThanOrEqual(2 * HOUR);
    expect(lifetimeMs).toBeGreaterThan(2 * HOUR - 2_000);
  });

  test("with both costs both", async () => {
    const ada = world.person();
    const message = { link: "https://example.com/{invitationId}?token={oneTimeToken}" };
    const { calls } = await world.deliver(ada.event("create", { message }));
    expect(calls).toEqual(["create", "one-time token", "message"]);
    expect(ada.emails()[0]?.link).not.toContain("{");
  });

  test("of the policy is a template as well", async () => {
    const ada = world.person();
    const policy = { variables: { link: "https://example.com/{invitationId}" } };
    const { calls } = await world.deliver(ada.event("create"), { policy });
    expect(calls).toEqual(["create", "message"]);
  });

  test("needs no second step when the event gives one that is fixed", async () => {
    const ada = world.person();
    const policy = { variables: { link: "https://example.com/{invitationId}" } };
    const message = { link: "https://example.com/fixed" };
    const { calls } = await world.deliver(ada.event("create", { message }), { policy });
    expect(calls).toEqual(["create"]);
    expect(ada.emails()).toMatchObject([message]);
  });

  test("is the only variable that is a template", async () => {
    const ada = world.person();
    const message = { note: "{invitationId} {invitee}" };
    const { calls } = await world.deliver(ada.event("create", { message }));
    expect(calls).toEqual(["create"]);
    expect(ada.emails()).toMatchObject([{ payload: message }]);
  });

  test("takes values as they are: none is read as a template or as a pattern", () => {
    const values = { organizationId: "{invitee}", invitee: "$&$1", invitationId: "a/b?c#d" };
    expect(fillLink("{organizationId}|{invitee}|{invitationId}|{oneTimeToken}", values)).toBe(
      "%7Binvitee%7D|%24%26%241|a%2Fb%3Fc%23d|{oneTimeToken}",
    );
  });

  test.each(["{inviteId}", "{}", "{ invitee }", "{Invitee}", "{invitee}{x}"])(
    "with the placeholder %s is no event",
    (placeholder) => {
      const message = { link: `https://example.com/${placeholder}` };
      expect(parseEvent(world.person().event("create", { message }))).toMatchObject({
        ok: false,
        reason: "invalid-data",
      });
    },
  );
});

describe("the policy of a deployment", () => {
  const read = (settings: Record<string, string>) => invitationPolicy(settingsReader(settings));

  test("is an e-mail without variables, a week, and keeping what is pending", () => {
    expect(read({})).toEqual({
      expirySeconds: (7 * DAY) / 1000,
      sendsEmail: true,
      variables: {},
      ifPending: "keep",
    });
  });

  test("can be set in full, and a link among the variables goes before INVITATION_LINK", () => {
    expect(
      read({
        INVITATION_EXPIRES_IN: "PT36H",
        INVITATION_MESSAGE: '{"locale":"de","link":"https://example.com/own"}',
        INVITATION_LINK: "https://example.com/{invitee}",
        INVITATION_IF_PENDING: "replace",
      }),
    ).toEqual({
      expirySeconds: (36 * HOUR) / 1000,
      sendsEmail: true,
      variables: { locale: "de", link: "https://example.com/own" },
      ifPending: "replace",
    });
  });

  test("keeps its link for the e-mails that are asked for, where it sends none by itself", () => {
    const link = "https://example.com/{invitee}";
    expect(read({ INVITATION_MESSAGE: "false", INVITATION_LINK: link })).toMatchObject({
      sendsEmail: false,
      variables: { link },
    });
  });

  test.each([
    ["INVITATION_EXPIRES_IN", "7"],
    ["INVITATION_EXPIRES_IN", "P367D"],
    ["INVITATION_MESSAGE", "true"],
    ["INVITATION_MESSAGE", "{"],
    ["INVITATION_MESSAGE", '{"link":"https://example.com/{unknown}"}'],
    ["INVITATION_LINK", "example.com"],
    ["INVITATION_LINK", "https://example.com/{unknown}"],
    ["INVITATION_IF_PENDING", "Keep"],
  ])("cannot be %s=%s", (variable, value) => {
    expect(() => read({ [variable]: value })).toThrow(SettingsError);
    expect(() => read({ [variable]: value })).toThrow(`${variable} cannot be used`);
  });
});
