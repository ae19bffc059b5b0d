import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import * as v from "valibot";
import { filesInZip, type PackagedStack } from "./package-stack.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const sourceMap = v.pipe(v.string(), v.parseJson(), v.object({ sources: v.array(v.string()) }));

/** This project's files of which something is in a function's zip, from the source maps in it. */
export function ownSources(stack: PackagedStack, functionName: string): readonly string[] {
  const maps = Object.entries(filesInZip(stack, functionName)).filter(([path]) =>
    path.endsWith(".map"),
  );
  const paths = maps.flatMap(([path, text]) =>
    v.parse(sourceMap, text).sources.map((source) => posix.join(posix.dirname(path), source)),
  );
  return [...new Set(paths)].toSorted();
}

/** Their text, put together. */
export const ownText = (stack: PackagedStack, functionName: string): string =>
  ownSources(stack, functionName)
    .map((path) => readFileSync(join(ROOT, path), "utf8"))
    .join("\n");

/** The variables that a function's own code may read: the names in capitals that stand in it. */
export function variablesRead(stack: PackagedStack, functionName: string): readonly string[] {
  const names = ownText(stack, functionName).matchAll(/"(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g);
  return [...new Set([...names].map(({ groups }) => groups?.["name"] ?? ""))].toSorted();
}

const SERVICES: Readonly<Record<string, string>> = {
  "client-eventbridge": "events",
  "client-secrets-manager": "secretsmanager",
  "client-sns": "sns",
  "client-sqs": "sqs",
};

/** Calls that AWS allows under the name of another. */
const ALLOWED_AS: Readonly<Record<string, string>> = {
  "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
  "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
  "sqs:SendMessageBatch": "sqs:SendMessage",
};

/** The IAM actions of the AWS SDK's commands that a function's own code imports. */
export function actionsCalled(stack: PackagedStack, functionName: string): readonly string[] {
  const text = ownText(stack, functionName);
  // Such an import would hide from what follows.
  if (text.includes('import("@aws-sdk/')) throw new Error("Import commands by name.");
  const imports = text.matchAll(
    /import\s*\{(?<names>[^}]*)\}\s*from\s*"@aws-sdk\/(?<client>[\w-]+)"/g,
  );
  const actions = [...imports].flatMap(({ groups }) => {
    const { names = "", client = "" } = groups ?? {};
    const service = SERVICES[client];
    if (service === undefined) throw new Error(`Which service is @aws-sdk/${client}?`);
    return [...names.matchAll(/\b(\w+)Command\b/g)].map(([, command]) => `${service}:${command}`);
  });
  return [...new Set(actions.map((action) => ALLOWED_AS[action] ?? action))].toSorted();
}
