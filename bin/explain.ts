import { explain } from "../local/explain.ts";

const VARIABLES = {
  endpoint: "LOGTO_ENDPOINT",
  appId: "LOGTO_APP_ID",
  appSecret: "LOGTO_APP_SECRET",
  resource: "LOGTO_RESOURCE",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An error in one sentence. Where Logto's credentials came from the environment, it names the variable
 * instead of the secret's field.
 *
 * @param environment what the command saw of it.
 */
export function explainIn(environment: Environment, error: unknown): string {
  return inTermsOf(environment, explain(error));
}

/** A sentence about the secret, in terms of where the credentials came from. */
export function inTermsOf(environment: Environment, sentence: string): string {
  const { endpoint, appId, appSecret } = VARIABLES;
  const isOfEnvironment = [endpoint, appId, appSecret].every((name) => environment[name]);
  if (!isOfEnvironment) return sentence;
  return sentence.replaceAll(FIELDS, (fields) =>
    fields
      .replace(/ in the secret$/, "")
      .replaceAll(/\w+/g, (word) => (isField(word) ? VARIABLES[word] : word)),
  );
}

const FIELDS =
  /\b(?:endpoint|appId|appSecret|resource)(?: and (?:endpoint|resource))? in the secret\b/g;

const isField = (word: string): word is keyof typeof VARIABLES => Object.hasOwn(VARIABLES, word);
