import { type ParseArgsConfig, parseArgs } from "node:util";

/**
 * The options of an npm script. `--help` prints the usage and ends the process with 0. Options that are
 * not the script's end it with 2, after one sentence.
 *
 * @param usage the command on its first line, what the options mean on the others.
 */
export function scriptOptions<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  options: Options,
  usage: string,
) {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // Node goes on with advice about arguments that no script takes.
    const [wrong = ""] = (error instanceof Error ? error.message : String(error)).split(
      /\.?(?:\s*\n|\. )/,
    );
    refuseOptions(wrong, usage);
  }
}

/** Ends the process with 2, after one sentence: what is wrong, and the usage's first line. */
export function refuseOptions(wrong: string, usage: string): never {
  const [command] = usage.split("\n");
  console.error(`${wrong.replace(/\.$/, "")}: ${command}`);
  process.exit(2);
}
