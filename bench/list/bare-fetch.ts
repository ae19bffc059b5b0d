import { measure } from "./measured.ts";

/** Goes through the list as a script would: all of it, parsed at once. */
await measure(async (endpoint) => {
  const response = await fetch(`${endpoint}/api/organization-invitations`);
  const list: readonly { readonly id: string }[] = JSON.parse(await response.text());
  let count = 0;
  for (const { id } of list) count += id === "" ? 0 : 1;
  return count;
});
