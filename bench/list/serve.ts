import { createServer } from "node:http";
import { INVITATIONS, NEWEST } from "./invitations.ts";

/** A process that answers as Logto does for a list of 100,000 invitations, and for a token. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** One a minute, which is 69 days; each for a week, and ended in one way or another. */
const list = Buffer.from(
  JSON.stringify(
    Array.from({ length: INVITATIONS }, (_, index) => {
      const createdAt = NEWEST - index * MINUTE_MS;
      const expiresAt = createdAt + 7 * DAY_MS;
      const ended = (["Accepted", "Expired", "Revoked"] as const)[index % 3];
      return {
        tenantId: "default",
        id: index.toString(36).padStart(12, "0"),
        inviterId: index % 2 === 0 ? null : "3f9t1zc0m2k8",
        invitee: `invitee-${index}@example.com`,
        acceptedUserId: null,
        organizationId: (index % 500).toString(36).padStart(12, "o"),
        status: expiresAt > NEWEST ? "Pending" : ended,
        createdAt,
        updatedAt: createdAt,
        expiresAt,
        organizationRoles: [
          { id: "d2v7q0x4n6b1r8w3y5zka", name: "member" },
          { id: "k9j4h1g8f5d2s7a0q3wlz", name: "editor" },
        ],
      };
    }),
  ),
);
const token = JSON.stringify({ access_token: "a-token", expires_in: 3_600, scope: "all" });

const server = createServer((request, response) => {
  const body = request.url === "/oidc/token" ? token : list;
  response.writeHead(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) {
    process.send?.({ endpoint: `http://127.0.0.1:${address.port}`, bytes: list.byteLength });
  }
});
process.once("disconnect", () => process.exit());
