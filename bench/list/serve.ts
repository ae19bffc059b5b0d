import { createServer } from "node:http";

/** A process that answers as Logto does for a list of 100,000 invitations, and for a token. */

const INVITATIONS = 100_000;
const DAY_MS = 86_400_000;

const newest = Date.parse("2026-03-01T12:00:00Z");
const list = Buffer.from(
  JSON.stringify(
    Array.from({ length: INVITATIONS }, (_, index) => ({
      tenantId: "default",
      id: index.toString(36).padStart(12, "0"),
      inviterId: index % 2 === 0 ? null : "3f9t1zc0m2k8",
      invitee: `invitee-${index}@example.com`,
      acceptedUserId: null,
      organizationId: (index % 500).toString(36).padStart(12, "o"),
      status: (["Pending", "Accepted", "Expired", "Revoked"] as const)[index % 4],
      createdAt: newest - index * 1_000,
      updatedAt: newest - index * 1_000,
      expiresAt: newest - index * 1_000 + 7 * DAY_MS,
      organizationRoles: [
        { id: "d2v7q0x4n6b1r8w3y5zka", name: "member" },
        { id: "k9j4h1g8f5d2s7a0q3wlz", name: "editor" },
      ],
    })),
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
