import * as v from "valibot";
import { type DerivedSettings, derivedSettings } from "./derived-settings.ts";
import { checkStage, type GivenParameters, ParameterError, parameterKinds } from "./parameters.ts";

/** The part of serverless that this plugin uses. */
type Serverless = {
  readonly configurationInput: unknown;
  readonly processedInput: { readonly options: { readonly param?: readonly string[] } };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
};

type Lookup = {
  readonly address: string;
  readonly resolveVariable: (variable: string) => Promise<unknown>;
};

/**
 * Checks the parameters of serverless.yml before a command does anything, and calculates what the
 * template takes from them as `${derived:…}`.
 */
export default class ParametersPlugin {
  readonly configurationVariablesSources = {
    derived: {
      resolve: async ({ address, resolveVariable }: Lookup) => ({
        value: (await derivedOf(resolveVariable))?.[address] ?? 0,
      }),
    },
  };
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(serverless: Serverless) {
    const check = (): void => {
      explained(serverless, () => checkStage(stageOf(serverless)));
      const given = givenParameters(serverless);
      // One that is a variable itself is known when all are resolved, at "initialize".
      if (!JSON.stringify(given).includes("${"))
        explained(serverless, () => derivedSettings(given));
    };
    check();
    this.hooks = { initialize: check };
  }
}

/** `undefined` for parameters that cannot be used: they are complained of where they are checked. */
async function derivedOf(
  resolveVariable: Lookup["resolveVariable"],
): Promise<DerivedSettings | undefined> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(parameterKinds)) {
    given[name] = await resolveVariable(`param:${name}`);
  }
  try {
    return derivedSettings(given);
  } catch (error) {
    if (error instanceof ParameterError) return undefined;
    throw error;
  }
}

/** The parameters of the stage: its own go before those of all stages, the command line before both. */
function givenParameters({ configurationInput, processedInput }: Serverless): GivenParameters {
  const { provider, params } = v.parse(configuration, configurationInput);
  const own = Object.hasOwn(params, provider.stage) ? params[provider.stage] : {};
  return { ...params["default"], ...own, ...fromCommandLine(processedInput.options.param ?? []) };
}

/** Each as `name=value`; serverless complains of the others. */
const fromCommandLine = (items: readonly string[]): GivenParameters =>
  Object.fromEntries(
    items.map((item) => [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)]),
  );

const stageOf = ({ configurationInput }: Serverless): string =>
  v.parse(configuration, configurationInput).provider.stage;

/** As serverless shows its own errors: the sentence without a stack. */
function explained(serverless: Serverless, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new serverless.classes.Error(error.message, "INVALID_PARAMETER");
  }
}

const configuration = v.object({
  provider: v.object({ stage: v.string() }),
  params: v.optional(v.record(v.string(), v.record(v.string(), v.unknown())), {}),
});
