import { clientOf } from "./client.ts";
import { measure } from "./measured.ts";

/** Goes through the list with this project's client. */
await measure(async (endpoint) => {
  let count = 0;
  for await (const { id } of clientOf(endpoint).invitations.list()) count += id === "" ? 0 : 1;
  return count;
});
