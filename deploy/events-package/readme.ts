/**
 * The README of the package of producers: how to publish from Node, in the words of the page that says
 * how to publish at all. So the two cannot differ.
 *
 * @param page docs/publishing-events.md.
 * @throws when the page has no program for Node.
 */
export function packageReadme(page: string): string {
  const [, fromNode = ""] = page.split(/^## From Node\n/m);
  const [, program, more = ""] = /^(```ts\n[\s\S]*?\n```)\n+([\s\S]*?)\n## /m.exec(fromNode) ?? [];
  if (program === undefined) {
    throw new Error(
      "docs/publishing-events.md has no program for Node: the package's README is made of it.",
    );
  }
  return `${HEAD}\n${program}\n\n${more.trim()}\n`;
}

const HEAD = `# logto-onboarding/events

Builds the events of logto-onboarding, with types and checks, and publishes them to its SQS queues. Install
the tarball beside \`@aws-sdk/client-sqs\`; it runs on Node 20.12 or newer. The two URLs are the outputs
\`InvitationsQueueUrl\` and \`RoleScopesQueueUrl\` of the deployed stage. What each event means, and what
becomes of it, is in \`docs/publishing-events.md\` of the project.
`;
