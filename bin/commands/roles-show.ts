import { Command } from "commander";
import { createRoleDirectory } from "../../lib/logto/role-directory.ts";
import { table } from "../../local/table.ts";
import { openLogto } from "../logto.ts";
import { findTarget, type TargetOptions, withTarget } from "../target.ts";
import { UsageError } from "../usage-error.ts";

type ShowOptions = TargetOptions & { json?: boolean };

export const showCommand = (): Command =>
  withTarget(new Command("show"))
    .description("Show the resource scopes that a role holds, or how many each role holds.")
    .argument("[role]", "the organization role, by id or name")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  onboarding roles show --local
  onboarding roles show --stage prod admin --json

Exit codes: 0 shown, 1 Logto or AWS failed, 2 something is wrong with the command.`,
    )
    .action((role: string | undefined, options: ShowOptions) =>
      role === undefined ? showAll(options) : showOne(role, options),
    );

async function showAll(options: ShowOptions): Promise<void> {
  const logto = openLogto(await findTarget(options));
  const roles = (await Array.fromAsync(logto.organizationRoles.list())).map((role) => ({
    id: role.id,
    name: role.name,
    type: role.type,
    resourceScopes: role.resourceScopes.length,
  }));
  if (options.json) console.log(JSON.stringify(roles, undefined, 2));
  else if (roles.length === 0) console.log("Logto holds no organization role.");
  else {
    const rows = roles.map(({ id, name, type, resourceScopes }) => [
      name,
      id,
      type,
      String(resourceScopes),
    ]);
    console.log(table([["role", "id", "type", "resource scopes"], ...rows]));
  }
}

async function showOne(reference: string, options: ShowOptions): Promise<void> {
  const logto = openLogto(await findTarget(options));
  const role = await createRoleDirectory(0).find(reference, logto);
  if (role === undefined) {
    throw new UsageError(`Logto has no organization role ${reference}: see onboarding roles show.`);
  }
  const [held, resources] = await Promise.all([
    Array.fromAsync(logto.organizationRoles.listResourceScopes(role.id)),
    Array.fromAsync(logto.resources.list()),
  ]);
  const scopes = held.map(({ id, name, resourceId }) => ({
    id,
    resource: resources.find((resource) => resource.id === resourceId)?.indicator ?? resourceId,
    scope: name,
  }));
  const { id, name, type } = role;
  if (options.json) console.log(JSON.stringify({ id, name, type, scopes }, undefined, 2));
  else if (scopes.length === 0) console.log(`The role ${name} (${id}) holds no resource scope.`);
  else {
    console.log(
      table([
        ["resource", "scope", "id"],
        ...scopes.map((scope) => [scope.resource, scope.scope, scope.id]),
      ]),
    );
  }
}
