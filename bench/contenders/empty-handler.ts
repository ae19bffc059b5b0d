/** A function that does nothing: what Node itself takes for a module. */
export const handler = async (): Promise<void> => {};
