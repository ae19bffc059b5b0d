import { setTimeout as sleep } from "node:timers/promises";
import { LogtoError } from "./answers.ts";
import type { Database } from "./database.ts";
import type { FaultRequest, Faults } from "./faults.ts";

/** An e-mail the provider has taken, link and all: never print one. */
export type SentEmail = {
  to: string;
  invitationId?: string;
  organizationId?: string;
  link?: string;
  locale?: string;
  /** What the template is filled with: the context, overridden by the message payload. */
  payload: Record<string, unknown>;
  sentAt: number;
};

export type Email = {
  outbox: SentEmail[];
  /** Whether the tenant has an e-mail connector. */
  hasConnector: boolean;
  /**
   * Sends one invitation e-mail. Needs a database connection beside the caller's, before the
   * e-mail goes out (to look up the connector) and after (to count the message).
   * @throws {LogtoError} 501 `connector.not_found`, 400 `connector.template_not_found`,
   *   400 `connector.general`, 429 `request.message_rate_limited`
   */
  send(message: Omit<SentEmail, "sentAt">, request: FaultRequest): Promise<void>;
};

/** Logto's own limit for one recipient, whatever the letter case and the organization. */
const messageLimit = { messages: 10, perMs: 10 * 60 * 1000 };

/** Messages sent in parallel are not counted until they are out; so many were seen to slip past the limit. */
const parallelSlip = 8;

export function createEmail(options: {
  connector: boolean;
  delayMs: () => number;
  now: () => number;
  database: Database;
  faults: Faults;
}): Email {
  const { database, faults, now } = options;
  const outbox: SentEmail[] = [];
  const sentTimes = new Map<string, number[]>();
  const underWay = new Map<string, number>();

  function refuseAboveLimit(recipient: string): void {
    const since = now() - messageLimit.perMs;
    const times = (sentTimes.get(recipient) ?? []).filter((time) => time > since);
    sentTimes.set(recipient, times);
    const counted = Math.max(
      times.length,
      times.length + (underWay.get(recipient) ?? 0) - parallelSlip,
    );
    if (counted >= messageLimit.messages) {
      throw new LogtoError(429, "request.message_rate_limited");
    }
  }

  return {
    outbox,
    hasConnector: options.connector,
    async send(message, request) {
      const recipient = message.to.toLowerCase();
      const actions = faults.take("email", request);
      const struckBy = (kind: string) => actions.some((action) => action.kind === kind);

      await database.query(() => {
        if (!options.connector || struckBy("noEmailConnector")) {
          throw new LogtoError(501, "connector.not_found", { data: { type: "Email" } });
        }
        refuseAboveLimit(recipient);
      });

      underWay.set(recipient, (underWay.get(recipient) ?? 0) + 1);
      try {
        if (struckBy("noEmailTemplate")) throw new LogtoError(400, "connector.template_not_found");
        const extraMs = actions.reduce(
          (sum, action) => sum + (action.kind === "emailDelay" ? action.delayMs : 0),
          0,
        );
        const delayMs = options.delayMs() + extraMs;
        if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
        if (struckBy("emailOutage")) throw providerFailure(message);

        const sentAt = now();
        outbox.push({ ...message, sentAt });
        await database.query(() => {
          sentTimes.set(recipient, [...(sentTimes.get(recipient) ?? []), sentAt]);
        });
      } finally {
        const left = (underWay.get(recipient) ?? 1) - 1;
        if (left > 0) underWay.set(recipient, left);
        else underWay.delete(recipient);
      }
    },
  };
}

/** The real one quotes the connector's own request, secrets included; that is why nobody may log a body. */
function providerFailure(message: Omit<SentEmail, "sentAt">): LogtoError {
  return new LogtoError(400, "connector.general", {
    data: {
      name: "HTTPError",
      options: {
        method: "POST",
        headers: { authorization: "Bearer the-email-provider-key-of-the-stand-in" },
        json: { to: message.to, type: "OrganizationInvitation", payload: message.payload },
      },
    },
  });
}
