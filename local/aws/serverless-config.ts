import { execFile } from "node:child_process";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";

const queueEventSchema = v.object({
  arn: v.unknown(),
  batchSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 10),
  maximumConcurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(1000))),
  functionResponseType: v.optional(v.literal("ReportBatchItemFailures")),
  enabled: v.optional(v.boolean(), true),
});

const environmentSchema = v.optional(v.record(v.string(), v.unknown()), {});

const functionSchema = v.object({
  name: v.string(),
  handler: v.pipe(v.string(), v.regex(/^[^.].*\.\w+$/, "must be written file.export")),
  timeout: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(900))),
  memorySize: v.optional(v.number()),
  environment: environmentSchema,
  events: v.optional(
    v.array(v.looseObject({ sqs: v.optional(v.union([queueEventSchema, v.string()])) })),
    [],
  ),
});

const resourceSchema = v.looseObject({
  Type: v.string(),
  Condition: v.optional(v.string()),
  Properties: v.optional(v.record(v.string(), v.unknown()), {}),
});

const resourcesSchema = v.object({
  Resources: v.optional(v.record(v.string(), resourceSchema), {}),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
});

const configSchema = v.object({
  service: v.string(),
  provider: v.object({
    stage: v.string(),
    region: v.optional(v.string(), "us-east-1"),
    // 6 s and 1,024 MB are what the Serverless Framework deploys when nothing is said.
    timeout: v.optional(v.number(), 6),
    memorySize: v.optional(v.number(), 1024),
    environment: environmentSchema,
  }),
  functions: v.optional(v.record(v.string(), functionSchema), {}),
  // One template, or several that become one.
  resources: v.pipe(
    v.optional(v.union([v.array(resourcesSchema), resourcesSchema]), {}),
    v.transform((given) => {
      const parts = [given].flat();
      return {
        Resources: merged(parts.map((part) => part.Resources)),
        Conditions: merged(parts.map((part) => part.Conditions)),
      };
    }),
  ),
});

const merged = <Value>(parts: readonly Record<string, Value>[]): Record<string, Value> =>
  Object.assign({}, ...parts);

/** What serverless.yml resolves to, as far as the local stack needs it. */
export type ServerlessConfig = v.InferOutput<typeof configSchema>;
export type CloudFormationResource = v.InferOutput<typeof resourceSchema>;

/**
 * Reads serverless.yml by the Serverless CLI itself, so that its variables, defaults and file
 * references mean here what they mean when deploying. Takes about a second and no network.
 *
 * @param directory where serverless.yml is; the working directory when left out
 * @param stage as `--stage`; serverless.yml's own default when left out
 * @throws {Error} one sentence, with the CLI's own words or the offending path in the file
 */
export async function readServerlessConfig(
  options: { directory?: string; stage?: string } = {},
): Promise<ServerlessConfig> {
  const directory = options.directory ?? process.cwd();
  const file = join(directory, "serverless.yml");
  const printed = await print(directory, options.stage).catch((error: unknown) => {
    throw new Error(`${file} could not be read: ${complaint(error)}`);
  });
  const config = v.safeParse(v.pipe(v.string(), v.parseJson(), configSchema), printed);
  if (config.success) return config.output;
  const [issue] = config.issues;
  const path = v.getDotPath(issue) ?? "the file as a whole";
  throw new Error(`${file} is not what the local stack expects at ${path}: ${issue.message}.`);
}

async function print(directory: string, stage: string | undefined): Promise<string> {
  const manifest = findPackageJSON("serverless", import.meta.url);
  if (manifest === undefined) {
    throw new Error("the package `serverless` is not installed, run npm install.");
  }
  const cli = join(dirname(manifest), "bin", "serverless.js");
  const stageArguments = stage === undefined ? [] : ["--stage", stage];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, "print", "--format", "json", ...stageArguments],
    { cwd: directory, env: cliEnvironment(), maxBuffer: 16 * 1024 * 1024, timeout: 60_000 },
  );
  return stdout;
}

/** Nothing of AWS: printing needs no account and should not find one. */
function cliEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("AWS_") && !name.startsWith("SLS_") && name !== "NODE_OPTIONS",
  );
  return {
    ...Object.fromEntries(own),
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
    NO_COLOR: "1",
  };
}

/** The CLI explains itself on stdout, as a paragraph under a line "Error:". */
function complaint(error: unknown): string {
  const failed = v.safeParse(v.object({ stdout: v.string() }), error);
  const words = failed.success
    ? /^Error:\n(.+?)\n\n/ms.exec(`${failed.output.stdout}\n\n`)?.[1]
    : "";
  return words?.replaceAll("\n", " ") || (error instanceof Error ? error.message : String(error));
}
