import { measure } from "./measured.ts";

/** Goes through the list as a script would: all of it, parsed at once. */
await measure(async (endpoint, take) => {
  const response = await fetch(`${endpoint}/api/organization-invitations`);
  const list: readonly { readonly id: string }[] = JSON.parse(await response.text());
  for (const { id } of list) take(id);
});
