import { ok } from "./answers.ts";
import type { Route } from "./route.ts";

/** Which connectors the tenant has. Of each only what tells them apart. */
export const connectorRoutes: Route[] = [
  {
    operation: "GET /api/connectors",
    handle: (_request, { email, database }) =>
      database.query(() =>
        ok(email.hasConnector ? [{ id: "email-stand-in", type: "Email", metadata: {} }] : []),
      ),
  },
];
