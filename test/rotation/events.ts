import { type EventMessage, eventMessage } from "../../lib/events/message.ts";
import { sampleWorld } from "../../local/samples.ts";

/** Of so many events one is about a role, the others invite somebody. */
const ONE_OF_ROLES = 5;

/** The events of a rehearsal: each is carried out with calls to Logto, by both of the queue functions. */
export const rehearsalMessages = (events: number): readonly EventMessage[] =>
  Array.from({ length: events }, (_, number) => {
    const ofRole = number % ONE_OF_ROLES === ONE_OF_ROLES - 1;
    const made = eventMessage(
      {
        specversion: "1.0",
        id: `rotation-${number}`,
        source: "/rotation",
        ...(ofRole ? assignment(number) : invitation(number)),
      },
      Date.now(),
    );
    if (!made.ok) throw new Error(`That is no event: ${JSON.stringify(made.problems)}`);
    return made.message;
  });

const [organization] = sampleWorld.organizations;
const [resource] = sampleWorld.resources;
const roles = sampleWorld.organizationRoles.filter((role) => !("type" in role));

const invitation = (number: number) => ({
  type: "onboarding.invitation.create",
  data: { organizationId: organization.id, invitee: `invitee-${number}@example.com` },
});

const assignment = (number: number) => ({
  type: "onboarding.role-scopes.assign",
  data: {
    role: roles[number % roles.length]?.name,
    scopes: [{ resource: resource.indicator, scope: resource.scopes[0] }],
  },
});
