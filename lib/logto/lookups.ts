import { apiRequest } from "./api.ts";
import { checkId, checkText, InvalidArgumentError } from "./arguments.ts";
import { allPages, totalOf } from "./pages.ts";
import { expectEntity, expectList } from "./shape.ts";
import type { CallContext, Transport } from "./transport.ts";

/** An API resource with its scopes. */
export type Resource = {
  readonly id: string;
  readonly name: string;
  readonly indicator: string;
  readonly scopes?: readonly { readonly id: string; readonly name: string }[];
};

export type Organization = { readonly id: string; readonly name: string };

export type User = { readonly id: string; readonly primaryEmail: string | null };

/** Lets its holder sign in once, as that address. */
export type OneTimeToken = { readonly id: string; readonly token: string };

export type NewOneTimeToken = {
  readonly email: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Organizations that a user who registers with it joins. */
  readonly jitOrganizationIds?: readonly string[];
};

/** What names are looked up in. Every method may throw any LogtoError. */
export type Lookups = ReturnType<typeof createLookups>;

export function createLookups(transport: Transport, context: CallContext) {
  return {
    resources: {
      /**
       * All API resources, each with its scopes, in one call.
       *
       * Source: GET /api/resources?includeScopes=true.
       */
      async *list(): AsyncGenerator<Resource, void, undefined> {
        const query = { includeScopes: "true" };
        yield* await transport.send(
          "resources.list",
          context,
          apiRequest("get", "/api/resources", { params: { query } }),
          expectList,
        );
      },
    },

    organizations: {
      /**
       * All organizations, a hundred to a call. Names are not unique.
       *
       * Source: GET /api/organizations.
       */
      list(): AsyncGenerator<Organization, void, undefined> {
        return allPages((query) =>
          transport.send(
            "organizations.list",
            context,
            apiRequest("get", "/api/organizations", { params: { query } }),
            (answer) => ({ entities: expectList(answer), ...totalOf(answer) }),
          ),
        );
      },

      /**
       * One organization.
       *
       * Source: GET /api/organizations/{id}.
       *
       * @throws NotFoundError, InvalidArgumentError.
       */
      async get(id: string): Promise<Organization> {
        const params = { path: { id: checkId("organization id", id) } };
        return transport.send(
          "organizations.get",
          context,
          apiRequest("get", "/api/organizations/{id}", { params }),
          expectEntity,
        );
      },
    },

    users: {
      /**
       * The user with this primary e-mail, in any letter case.
       *
       * Source: GET /api/users?search.primaryEmail=….
       *
       * @throws InvalidArgumentError.
       */
      async findByEmail(email: string): Promise<User | undefined> {
        const wanted = checkText("email", email).toLowerCase();
        // Without the mode, "_" and "%" in an address stand for other characters.
        const query = { "search.primaryEmail": wanted, "mode.primaryEmail": "exact" };
        const users = await transport.send(
          "users.list",
          context,
          apiRequest("get", "/api/users", { params: { query } }),
          expectList,
        );
        return users.find(({ primaryEmail }) => primaryEmail?.toLowerCase() === wanted);
      },
    },

    oneTimeTokens: {
      /**
       * Makes a one-time token for a magic link.
       *
       * Source: POST /api/one-time-tokens. Logto does not check that the address is one.
       *
       * @throws InvalidArgumentError, InvalidError.
       */
      async create({
        email,
        expiresIn,
        jitOrganizationIds,
      }: NewOneTimeToken): Promise<OneTimeToken> {
        if (!Number.isSafeInteger(expiresIn) || expiresIn < 1) {
          throw new InvalidArgumentError(
            "expiresIn is no lifetime: give whole seconds, at least 1.",
          );
        }
        const body = {
          email: checkText("email", email),
          expiresIn,
          ...(jitOrganizationIds === undefined
            ? {}
            : {
                context: {
                  jitOrganizationIds: jitOrganizationIds.map((id) =>
                    checkText("organization id", id),
                  ),
                },
              }),
        };
        return transport.send(
          "oneTimeTokens.create",
          context,
          apiRequest("post", "/api/one-time-tokens", { body }),
          expectEntity,
        );
      },
    },
  };
}
