import { describe, expect, test } from "vitest";
import { parameterKinds } from "../../deploy/parameters.ts";
import ParametersPlugin from "../../deploy/parameters-plugin.ts";

class ServerlessError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const DEFAULTS = {
  logtoRequestsPerSecond: 20,
  logtoRequestBurst: 200,
  logtoEmailCreatesInFlight: 16,
  invitationsConcurrency: 2,
  roleScopesConcurrency: 2,
  alarmTopicArn: "",
  alarmEmail: "",
  alarmOldestMessage: "PT1H",
  reconcileEveryHours: 1,
};

/** Serverless, as it is when it makes the plugin. */
const serverless = (
  params: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  param?: readonly string[],
) => ({
  configurationInput: {
    provider: { stage: "prod" },
    params: { ...params, default: { ...DEFAULTS, ...params["default"] } },
  },
  processedInput: { options: param === undefined ? {} : { param } },
  classes: { Error: ServerlessError },
});

describe("the parameters plugin", () => {
  test("lets a stage pass whose parameters are right", () => {
    const { hooks } = new ParametersPlugin(serverless({ prod: { tracing: "Active" } }));
    expect(() => hooks["initialize"]?.()).not.toThrow();
  });

  test("complains as serverless does, before a command does anything", () => {
    expect(() => new ParametersPlugin(serverless({ default: { tracing: "on" } }))).toThrow(
      ServerlessError,
    );
  });

  test("takes the command line before the stage, and the stage before all stages", () => {
    const wrong = { tracing: "on" };
    const right = { tracing: "Active" };
    expect(() => new ParametersPlugin(serverless({ default: wrong, prod: right }))).not.toThrow();
    expect(
      () => new ParametersPlugin(serverless({ prod: wrong }, ["tracing=Active"])),
    ).not.toThrow();
    expect(() => new ParametersPlugin(serverless({ prod: right }, ["tracing=a=b"]))).toThrow(
      "The parameter tracing cannot be used",
    );
  });

  test("leaves other stages alone", () => {
    expect(() => new ParametersPlugin(serverless({ dev: { tracing: "on" } }))).not.toThrow();
  });

  test("waits for a parameter that is a variable until it is resolved", () => {
    const prod: Record<string, unknown> = { tracing: `\${env:TRACING}` };
    const { hooks } = new ParametersPlugin(serverless({ prod }));
    prod["tracing"] = "on";
    expect(() => hooks["initialize"]?.()).toThrow("The parameter tracing cannot be used");
  });
});

describe("a derived value", () => {
  const derived = (address: string, changes: Readonly<Record<string, unknown>> = {}) => {
    const plugin = new ParametersPlugin(serverless({}));
    const values: Readonly<Record<string, unknown>> = { ...DEFAULTS, ...changes };
    return plugin.configurationVariablesSources.derived.resolve({
      address,
      resolveVariable: async (variable) => values[variable.replace("param:", "")] ?? "",
    });
  };
  const required = { ...Object.fromEntries(Object.keys(parameterKinds).map((name) => [name, ""])) };

  test("is calculated from the parameters", async () => {
    const all = {
      ...required,
      ...DEFAULTS,
      invitationIfPending: "keep",
      logtoTimeout: "PT1S",
      logtoEmailTimeout: "PT1S",
      logtoSecretTtl: "PT1S",
      logRetentionDays: 1,
      tracing: "Active",
      deletionPolicy: "Delete",
      architecture: "arm64",
      deploymentMethod: "direct",
      roleScopesFile: "role-scopes.yml",
    };
    expect(await derived("invitations.containers", all)).toEqual({ value: 3 });
    expect(await derived("alarmOldestMessageSeconds", all)).toEqual({ value: 3600 });
  });

  test("says nothing of parameters that cannot be used: the check does, once", async () => {
    expect(await derived("invitations.containers", { tracing: "on" })).toEqual({ value: 0 });
  });
});
