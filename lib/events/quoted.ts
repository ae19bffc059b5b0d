/**
 * A name that an event uses, fit for a sentence: as its publisher wrote it, unless it looks like more
 * than a name.
 */
export const quoted = (name: string): string =>
  /^[\w .:/-]{1,200}$/.test(name) ? `"${name}"` : "given";
