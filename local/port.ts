/**
 * The port that the environment asks for, as an option of a server; a free one when it asks for none.
 *
 * @throws Error naming the variable.
 */
export function portOf(
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
): { port?: number } {
  const text = environment[variable] ?? "";
  if (text === "") return {};
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return { port };
  throw new Error(`${variable} is no port: set it to a number from 1 to 65535, or leave it out.`);
}
