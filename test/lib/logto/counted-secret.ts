import { type CredentialsSource, parseCredentials } from "../../../lib/logto/credentials.ts";
import { cachedSecret } from "../../../lib/runtime/secret.ts";

export type CountedSecret = CredentialsSource & { text: string; reads: number };

/** The secret as the functions read it, with a count of its readings and a text that can be changed. */
export function countedSecret(text: string, ttlMs = 300_000): CountedSecret {
  const secret: CountedSecret = {
    text,
    reads: 0,
    ...cachedSecret({
      read: async () => {
        secret.reads++;
        return secret.text;
      },
      parse: parseCredentials,
      ttlMs,
    }),
  };
  return secret;
}
