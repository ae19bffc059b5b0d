/** How many invitations the list has. */
export const INVITATIONS = 100_000;

/** When the newest was created, epoch milliseconds. */
export const NEWEST = Date.parse("2026-03-01T12:00:00Z");
