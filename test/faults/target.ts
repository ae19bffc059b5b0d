import { type Credentials, parseCredentials } from "../../lib/logto/credentials.ts";
import { startLogtoStandIn } from "../../local/logto/server.ts";

/** The Logto that a fault run works against. */
export type Target = {
  /** As they are now. */
  readonly credentials: () => Credentials;
  /** A second client secret, and what takes the first one and all tokens away; not for a real Logto. */
  readonly rotate: () => { readonly secret: string; readonly removeOld: () => void } | undefined;
  /** Invitees with more than one pending invitation right now; 0 where one cannot look. */
  readonly inviteesPendingTwice: () => number;
  /** What must stand in no log line. */
  readonly secrets: () => readonly string[];
  readonly stop: () => Promise<void>;
};

/** That of `LOGTO_ENDPOINT`, `LOGTO_APP_ID` and `LOGTO_APP_SECRET`, else the stand-in. */
export async function openTarget(): Promise<Target> {
  const { LOGTO_ENDPOINT, LOGTO_APP_ID, LOGTO_APP_SECRET, LOGTO_RESOURCE } = process.env;
  return LOGTO_ENDPOINT && LOGTO_APP_ID && LOGTO_APP_SECRET
    ? openReal(
        parseCredentials(
          JSON.stringify({
            endpoint: LOGTO_ENDPOINT,
            appId: LOGTO_APP_ID,
            appSecret: LOGTO_APP_SECRET,
            ...(LOGTO_RESOURCE ? { resource: LOGTO_RESOURCE } : {}),
          }),
        ),
      )
    : openStandIn();
}

const openReal = (credentials: Credentials): Target => ({
  credentials: () => credentials,
  rotate: () => undefined,
  inviteesPendingTwice: () => 0,
  secrets: () => [credentials.appSecret],
  stop: async () => {},
});

async function openStandIn(): Promise<Target> {
  const standIn = await startLogtoStandIn();
  const known = [standIn.app.secret];
  return {
    credentials: () => ({
      endpoint: standIn.endpoint,
      appId: standIn.app.id,
      appSecret: known.at(-1) ?? "",
      resource: standIn.resource,
      hashKey: "a key for the hashes of the fault run",
    }),
    rotate: () => {
      const [old = ""] = known;
      const secret = standIn.rotateSecret();
      known.push(secret);
      const removeOld = () => {
        standIn.removeSecret(old);
        standIn.revokeTokens();
      };
      return { secret, removeOld };
    },
    inviteesPendingTwice: () => {
      const pending = [...standIn.state.invitations.values()]
        .filter(({ status }) => status === "Pending")
        .map(({ organizationId, invitee }) => `${organizationId} ${invitee.toLowerCase()}`);
      return pending.length - new Set(pending).size;
    },
    secrets: () => [
      ...known,
      ...[...standIn.state.oneTimeTokens.values()].map(({ token }) => token),
    ],
    stop: standIn.stop,
  };
}
