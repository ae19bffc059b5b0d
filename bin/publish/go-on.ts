/** How a command goes on that ended before its time. */
export type GoOn = {
  /** What follows `onboarding publish`, as it was given. */
  readonly parameters: readonly string[];
  /** Where to begin; absent for what is sent again whole. */
  readonly fromLine?: number;
  /** The `time` that events without one were given, where no file keeps it. */
  readonly time?: string;
};

/** The command with which to go on, to be pasted into a shell. */
export function goOnCommand({ parameters, fromLine, time }: GoOn): string {
  const kept = without(parameters, "--from-line");
  const added = [
    ...(time === undefined ? [] : ["--time", time]),
    ...(fromLine === undefined ? [] : ["--from-line", String(fromLine)]),
  ];
  // In front, because behind a -- they would be files.
  return ["npx", "onboarding", "publish", ...[...added, ...kept].map(quoted)].join(" ");
}

/** The parameters without an option and its value, which may stand in one word or in two. */
const without = (parameters: readonly string[], option: string): readonly string[] =>
  parameters.filter(
    (parameter, index) =>
      parameter !== option &&
      parameters[index - 1] !== option &&
      !parameter.startsWith(`${option}=`),
  );

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
