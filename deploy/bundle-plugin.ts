import { join } from "node:path";
import { DeclarationError } from "../lib/role-scopes/declaration.ts";
import { findLocalStack } from "../local/stack-file.ts";
import { artifactDirectory } from "./artifact-directory.ts";
import { bundleFunction, type Files, zipFunction } from "./bundle.ts";
import { declarationOf } from "./declaration.ts";

/** The part of serverless that this plugin uses. */
type Serverless = {
  serviceDir: string;
  processedInput: { commands: string[] };
  getProvider: (name: "aws") => { getDeploymentPrefix: () => string; getStage: () => string };
  /** An error of this kind is told in its own words; of another the stack is shown. */
  classes: { Error: new (message: string, code: string) => Error };
  service: {
    service: string;
    package: { artifactDirectoryName?: string };
    getAllFunctions: () => string[];
    getFunction: (name: string) => FunctionDefinition;
  };
};

type FunctionDefinition = {
  handler: string;
  environment?: Record<string, unknown>;
  package?: { artifact: string };
};

type Options = {
  function?: string;
  stage?: string;
  "aws-profile"?: string;
  extraServicePath?: string;
};

const NO_STACK =
  "No local stack is running: start one with npm start, or name a deployed one with --stage.";

/** Whether somebody may mean a deployed stage: without credentials nothing could be asked of it. */
const namesAws = (options: Options): boolean =>
  options.stage !== undefined ||
  options["aws-profile"] !== undefined ||
  ["AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"].some((name) => process.env[name]);

/**
 * Makes the serverless commands work on this project's TypeScript: before they package, deploy or
 * invoke a function, it is bundled. "invoke local" without a stage runs against the local stack while
 * one is running, else against the deployed one that the environment has credentials for.
 */
export default class BundlePlugin {
  readonly hooks: Readonly<Record<string, () => Promise<unknown>>>;

  constructor(serverless: Serverless, options: Options) {
    const { service, serviceDir } = serverless;
    const declared = (definition: FunctionDefinition): Files => {
      try {
        return declarationOf(definition, serviceDir);
      } catch (error) {
        if (!(error instanceof DeclarationError)) throw error;
        throw new serverless.classes.Error(error.message, "INVALID_DECLARATION");
      }
    };
    const zip = async (names: readonly string[]): Promise<readonly string[]> => {
      const artifacts: string[] = [];
      for (const name of names) {
        const definition = service.getFunction(name);
        const { path } = await zipFunction(
          definition.handler,
          join(serviceDir, "dist", "lambda"),
          declared(definition),
        );
        definition.package = { artifact: path };
        artifacts.push(path);
      }
      return artifacts;
    };
    const zipAll = async (): Promise<void> => {
      const artifacts = await zip(service.getAllFunctions());
      const epochSeconds = process.env["SOURCE_DATE_EPOCH"];
      if (epochSeconds === undefined) return;
      const provider = serverless.getProvider("aws");
      service.package.artifactDirectoryName = [
        provider.getDeploymentPrefix(),
        service.service,
        provider.getStage(),
        artifactDirectory(Number(epochSeconds), artifacts),
      ].join("/");
    };
    const named = (): readonly string[] =>
      options.function === undefined ? service.getAllFunctions() : [options.function];

    this.hooks = {
      initialize: async () => {
        if (serverless.processedInput.commands.join(" ") !== "invoke local") return;
        const stack = options.stage === undefined ? findLocalStack() : undefined;
        if (stack === undefined && !namesAws(options)) {
          throw new serverless.classes.Error(NO_STACK, "NO_LOCAL_STACK");
        }
        for (const name of stack === undefined ? [] : named()) {
          const definition = service.getFunction(name);
          definition.environment = { ...definition.environment, ...stack?.functions[name] };
        }
      },
      "before:package:createDeploymentArtifacts": zipAll,
      "before:package:function:package": () => zip(named()),
      "before:deploy:function:packageFunction": () => zip(named()),
      "before:invoke:local:invoke": async () => {
        // "invoke local" loads a .js beside the handler's path, below this directory.
        options.extraServicePath = join("dist", "local");
        for (const name of named()) {
          const { handler } = service.getFunction(name);
          await bundleFunction(handler, join(serviceDir, options.extraServicePath), ".js");
        }
      },
    };
  }
}
