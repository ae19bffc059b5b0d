import {
  type SettingKind,
  SettingsError,
  type SettingsReader,
  settingsReader,
} from "../lib/runtime/settings.ts";

/** One of these words or numbers. */
export const oneOf = (...allowed: readonly (string | number)[]): SettingKind<string> => ({
  expects: `one of ${allowed.join(", ")}`,
  parse: (text) => (allowed.map(String).includes(text) ? text : undefined),
});

/** A whole number in a range. */
export const wholeNumberBetween = (minimum: number, maximum: number): SettingKind<number> => ({
  expects: `a whole number from ${minimum} to ${maximum}`,
  parse: (text) => {
    const value = Number(text);
    return /^\d{1,15}$/.test(text) && value >= minimum && value <= maximum ? value : undefined;
  },
});

/**
 * The ARN of a resource.
 *
 * @param resource what stands behind the account in it, as a regular expression.
 */
export const arnOf = (expects: string, service: string, resource: string): SettingKind<string> => {
  const pattern = new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`);
  return { expects, parse: (text) => (pattern.test(text) ? text : undefined) };
};

/** Nothing, or what another kind takes. */
export const orNothing = (kind: SettingKind<unknown>): SettingKind<unknown> => ({
  expects: `nothing, or ${kind.expects}`,
  parse: (text) => (text === "" ? "" : kind.parse(text)),
});

/**
 * What the code itself takes as a setting: it judges when packaging as it would in the function.
 *
 * @param read reads the setting, among others.
 */
export const asSetting = (
  variable: string,
  read: (settings: SettingsReader) => unknown,
): SettingKind<unknown> => {
  const complaintAbout = (text: string): string | undefined => {
    try {
      read(settingsReader({ [variable]: text }));
      return undefined;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.message;
    }
  };
  return {
    // A setting of spaces counts as not set and is never refused; this one is refused by all.
    expects: expectation(complaintAbout(NEVER_VALID)),
    parse: (text) => (complaintAbout(text) === undefined ? text : undefined),
  };
};

const NEVER_VALID = "\u0000";

const expectation = (complaint = ""): string => /: set it to (.*)\.$/s.exec(complaint)?.[1] ?? "";
