/** A code block of a page: its language, what stands behind that, and its text. */
export type CodeBlock = {
  readonly language: string;
  readonly file: string;
  readonly text: string;
};

/** The code blocks of a Markdown page, in order. */
export const codeBlocks = (page: string): readonly CodeBlock[] =>
  [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", file = "", text = ""]) => ({ language, file, text }),
  );

/** Where a page's links lead that stay in this project: paths relative to the page. */
export const localLinks = (page: string): readonly string[] =>
  [...page.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
