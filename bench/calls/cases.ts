/** An event whose cost is counted, and what Logto holds when it comes. */
export type Case = {
  readonly name: string;
  readonly word: "create" | "resend" | "accept" | "revoke" | "delete";
  readonly data?: Readonly<Record<string, unknown>>;
  /** Whether the invitee has a pending invitation. */
  readonly given?: "pending";
  /** Whether Logto sends an e-mail for it. */
  readonly isMailed?: boolean;
};

const link = (placeholders: string) => ({
  message: { link: `https://example.com/${placeholders}` },
});

export const cases: readonly Case[] = [
  { name: "create", word: "create", isMailed: true },
  { name: "create without e-mail", word: "create", data: { message: false } },
  {
    name: "create, link with {invitationId}",
    word: "create",
    data: link("{invitationId}"),
    isMailed: true,
  },
  {
    name: "create, link with {oneTimeToken}",
    word: "create",
    data: link("{oneTimeToken}"),
    isMailed: true,
  },
  { name: "create, another pending", word: "create", data: { message: false }, given: "pending" },
  { name: "resend", word: "resend", given: "pending", isMailed: true },
  { name: "accept", word: "accept", given: "pending" },
  { name: "revoke", word: "revoke", given: "pending" },
  { name: "delete", word: "delete", given: "pending" },
];
