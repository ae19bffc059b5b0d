import * as v from "valibot";
import { type CleanUps, createCleanUps, type Journal } from "./clean-ups.ts";
import { createFactories, type Factories } from "./factories.ts";
import { createHttp, type Http } from "./http.ts";

/** One observable behaviour of Logto. It makes what it needs and depends on no other case. */
export type Case = {
  /** A sentence about behaviour. */
  name: string;
  needs?: readonly Need[];
  run(logto: Context): Promise<void>;
};

/** What not every Logto has. A case is skipped, with the reason, where its needs are not met. */
export type Need = "emailConnector" | "noEmailConnector";

export type Target = {
  endpoint: string;
  appId: string;
  appSecret: string;
  resource: string;
  /** A real Logto has other users. */
  requestsPerSecond: number;
};

/** What a case works with: raw HTTP, and factories whose products are removed afterwards. */
export type Context = Http & Factories & { target: Target };

export type Session = {
  logto: Context;
  cleanUps: CleanUps;
  /** Why a case with these needs cannot run here, or undefined when it can. */
  reasonToSkip(needs: readonly Need[] | undefined): string | undefined;
};

/** Opens a session with a Logto, and finds out what it has. */
export async function openSession(target: Target, journal?: Journal): Promise<Session> {
  const http = createHttp(target);
  const remove = async (path: string) => (await http.call("DELETE", path)).status;
  const cleanUps = createCleanUps(remove, journal);
  const logto = { ...http, ...createFactories(http, cleanUps), target };
  const email = await probeEmail(logto).finally(cleanUps.run);

  return {
    logto,
    cleanUps,
    reasonToSkip(needs = []) {
      if (needs.includes("emailConnector") && email !== "works") {
        return email === "missing"
          ? "needs an e-mail connector, and this Logto has none"
          : "needs e-mails to be taken, and this Logto's provider refused one";
      }
      if (needs.includes("noEmailConnector") && email !== "missing") {
        return "needs a Logto without an e-mail connector";
      }
      return undefined;
    },
  };
}

/** The one way to know is to create an invitation with an e-mail, to a domain that cannot exist. */
async function probeEmail(logto: Context): Promise<"works" | "missing" | "refuses"> {
  const input = await logto.invitationInput();
  const reply = await logto.call("POST", "/api/organization-invitations", {
    body: { ...input, messagePayload: {} },
  });
  if (reply.code === "connector.not_found") return "missing";
  return reply.status === 201 ? "works" : "refuses";
}

/** The target named by the environment, if any. */
export function realTarget(environment: NodeJS.ProcessEnv): Target | undefined {
  if (!environment["LOGTO_ENDPOINT"]) return undefined;
  const settings = v.parse(environmentSchema, environment);
  return {
    endpoint: settings.LOGTO_ENDPOINT.replace(/\/+$/, ""),
    appId: settings.LOGTO_APP_ID,
    appSecret: settings.LOGTO_APP_SECRET,
    resource: settings.LOGTO_RESOURCE,
    requestsPerSecond: 15,
  };
}

const environmentSchema = v.object({
  LOGTO_ENDPOINT: v.pipe(v.string(), v.url("LOGTO_ENDPOINT is no URL.")),
  LOGTO_APP_ID: v.string("LOGTO_ENDPOINT is set, so LOGTO_APP_ID is needed too."),
  LOGTO_APP_SECRET: v.string("LOGTO_ENDPOINT is set, so LOGTO_APP_SECRET is needed too."),
  LOGTO_RESOURCE: v.optional(v.string(), "https://default.logto.app/api"),
});
