import { randomBytes } from "node:crypto";
import * as v from "valibot";
import { type Credentials, parseCredentials } from "../lib/logto/credentials.ts";
import { faultAnswers } from "./logto/faults.ts";
import { type LogtoStandIn, startLogtoStandIn } from "./logto/server.ts";
import { createManagement, type Management } from "./management.ts";
import { portOf } from "./port.ts";
import { type SampleFitting, sampleWorld } from "./samples.ts";

/** The Logto that a run works against, with all that the samples name in it. */
export type LogtoTarget = {
  readonly description: string;
  readonly credentials: Credentials;
  readonly fitting: SampleFitting;
  /** How many e-mails an address was sent; `undefined` where nobody can know. */
  readonly emailsTo: (address: string) => number | undefined;
  /** Lets a stand-in fail from now on, as behind a proxy, and returns what ends it. */
  readonly fail?: () => () => void;
  /** Removes what was made in a real Logto, or ends the stand-in. */
  readonly stop: () => Promise<void>;
};

const VARIABLES = ["LOGTO_ENDPOINT", "LOGTO_APP_ID", "LOGTO_APP_SECRET"] as const;

/**
 * The Logto of the environment where it names one, else the stand-in.
 *
 * @throws Error naming the variables that are missing when only some are set.
 */
export async function openLogto(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LogtoTarget> {
  const credentials = realCredentials(environment);
  return credentials === undefined
    ? standInTarget(await startLogtoStandIn(portOf(environment, "LOCAL_LOGTO_PORT")))
    : openReal(credentials);
}

/**
 * The credentials of the Logto that the environment names; `undefined` where it names none.
 *
 * @throws Error naming the variables that are missing when only some are set.
 */
export function realCredentials(
  environment: Readonly<Record<string, string | undefined>>,
): Credentials | undefined {
  const missing = VARIABLES.filter((name) => (environment[name] ?? "") === "");
  if (missing.length === VARIABLES.length) return undefined;
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set: set all of ${VARIABLES.join(", ")} to run against that Logto, ` +
        "or none of them to run against the stand-in.",
    );
  }
  if (!/^https?:\/\//i.test(environment["LOGTO_ENDPOINT"] ?? "")) {
    throw new Error("LOGTO_ENDPOINT is no URL: set it to one such as https://example.logto.app.");
  }
  return parseCredentials(
    JSON.stringify({
      endpoint: environment["LOGTO_ENDPOINT"],
      appId: environment["LOGTO_APP_ID"],
      appSecret: environment["LOGTO_APP_SECRET"],
      ...(environment["LOGTO_RESOURCE"] ? { resource: environment["LOGTO_RESOURCE"] } : {}),
    }),
  );
}

/** A stand-in as a target, with what the samples name put into it. It ends with the target. */
export function standInTarget(standIn: LogtoStandIn): LogtoTarget {
  standIn.seed({
    resources: sampleWorld.resources.map(({ scopes, ...resource }) => ({
      ...resource,
      scopes: scopes.map((name) => ({ name })),
    })),
    users: sampleWorld.users.map((user) => ({ ...user })),
    roles: sampleWorld.organizationRoles.map((role) => ({ ...role })),
    organizations: sampleWorld.organizations.map(({ id, name, memberIds }) => ({
      id,
      name,
      userIds: [...memberIds],
    })),
  });
  return {
    description: `stand-in at ${standIn.endpoint}`,
    credentials: {
      endpoint: standIn.endpoint,
      appId: standIn.app.id,
      appSecret: standIn.app.secret,
      resource: standIn.resource,
      hashKey: standIn.app.secret,
    },
    fitting: { names: new Map(), canSendEmail: true },
    emailsTo: (address) => standIn.outbox.filter(({ to }) => to === address).length,
    fail: () => standIn.faults.add({ on: "*", action: faultAnswers.badGateway }),
    stop: standIn.stop,
  };
}

async function openReal(credentials: Credentials): Promise<LogtoTarget> {
  const management = await createManagement(() => credentials);
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const names = await createSampleWorld(management, undo);
    const connectors = v.parse(connectorList, await management("GET", "/api/connectors"));
    const canSendEmail = connectors.some(({ type }) => type === "Email");
    return {
      description: `${credentials.endpoint}${canSendEmail ? "" : " (no e-mail connector: nothing is mailed)"}`,
      credentials,
      fitting: { names, canSendEmail },
      emailsTo: () => undefined,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes what the samples name, under a prefix nobody else has, noting how to undo each step. */
async function createSampleWorld(
  management: Management,
  undo: (() => Promise<unknown>)[],
): Promise<ReadonlyMap<string, string>> {
  const prefix = `onboarding-${randomBytes(4).toString("hex")}`;
  const names = new Map<string, string>();
  const make = async (path: string, sampleId: string, body: unknown): Promise<string> => {
    const { id } = v.parse(entity, await management("POST", path, body));
    undo.push(() => management("DELETE", `${path}/${id}`));
    names.set(sampleId, id);
    return id;
  };
  for (const { id, primaryEmail } of sampleWorld.users) {
    const email = `${prefix}.${primaryEmail}`;
    names.set(primaryEmail, email);
    await make("/api/users", id, { primaryEmail: email });
  }
  for (const { id, name, ...kind } of sampleWorld.organizationRoles) {
    await make("/api/organization-roles", id, { name: `${prefix}-${name}`, ...kind });
  }
  for (const { name, indicator, scopes } of sampleWorld.resources) {
    const ownIndicator = indicator.replace("https://", `https://${prefix}.`);
    const resource = { name: `${prefix} ${name}`, indicator: ownIndicator };
    const resourceId = await make("/api/resources", name, resource);
    names.set(indicator, ownIndicator);
    for (const scope of scopes) {
      await management("POST", `/api/resources/${resourceId}/scopes`, { name: scope });
    }
  }
  for (const { id, name, memberIds } of sampleWorld.organizations) {
    const organizationId = await make("/api/organizations", id, { name: `${prefix} ${name}` });
    const userIds = memberIds.map((memberId) => names.get(memberId));
    await management("POST", `/api/organizations/${organizationId}/users`, { userIds });
  }
  return names;
}

const entity = v.object({ id: v.string() });
const connectorList = v.array(v.object({ type: v.string() }));
