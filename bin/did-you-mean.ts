import { closest, distance } from "fastest-levenshtein";

/** So many letters may differ in a word that was misspelt. */
const TYPING_ERRORS = 3;

/** `Did you mean …? ` for a word that is close to one of the choices, else nothing. */
export function didYouMean(word: string, choices: readonly string[]): string {
  const nearest = closest(word, [...choices]);
  return nearest !== undefined && distance(word, nearest) <= TYPING_ERRORS
    ? `Did you mean ${nearest}? `
    : "";
}
