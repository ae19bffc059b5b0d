import { parseDurationSeconds } from "./duration.ts";

/** A setting is missing or cannot be used. The message names the variable and says what it must be. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** What a setting must be: in words, and as a function that gives `undefined` for what it is not. */
export type SettingKind<Value> = {
  readonly expects: string;
  readonly parse: (text: string) => Value | undefined;
};

export type SettingsReader = {
  /** @throws SettingsError when it is missing and has no default, or is not of its kind. */
  readonly required: <Value>(variable: string, kind: SettingKind<Value>) => Value;
  readonly optional: <Value, Default>(
    variable: string,
    kind: SettingKind<Value>,
    otherwise: Default,
  ) => Value | Default;
};

/** Reads settings from environment variables. An empty variable counts as not set. */
export function settingsReader(
  environment: Readonly<Record<string, string | undefined>>,
): SettingsReader {
  const read = <Value>(variable: string, kind: SettingKind<Value>): Value | undefined => {
    const text = environment[variable]?.trim() ?? "";
    if (text === "") return undefined;
    const value = kind.parse(text);
    if (value !== undefined) return value;
    throw new SettingsError(`${variable} cannot be used: set it to ${kind.expects}.`);
  };
  return {
    required: (variable, kind) => {
      const value = read(variable, kind);
      if (value !== undefined) return value;
      throw new SettingsError(`${variable} is not set: set it to ${kind.expects}.`);
    },
    optional: (variable, kind, otherwise) => read(variable, kind) ?? otherwise,
  };
}

/** Any text, described. */
export const anyText = (expects: string): SettingKind<string> => ({
  expects,
  parse: (text) => text,
});

/** An http or https URL, described. */
export const url = (expects: string): SettingKind<string> => ({
  expects,
  parse: (text) => (/^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined),
});

/** A whole number of at least `minimum`. */
export const wholeNumber = (minimum: number): SettingKind<number> => ({
  expects: `a whole number of at least ${minimum}`,
  parse: (text) => {
    const value = Number(text);
    return /^\d{1,15}$/.test(text) && value >= minimum ? value : undefined;
  },
});

/** A number above zero. */
export const positiveNumber: SettingKind<number> = {
  expects: "a number above 0",
  parse: (text) => {
    const value = Number(text);
    return Number.isFinite(value) && value > 0 ? value : undefined;
  },
};

/** An ISO 8601 duration, in seconds. */
export const durationSeconds: SettingKind<number> = {
  expects: "an ISO 8601 duration such as PT10S or P7D",
  parse: (text) => {
    const seconds = parseDurationSeconds(text);
    return seconds !== undefined && seconds > 0 ? seconds : undefined;
  },
};
