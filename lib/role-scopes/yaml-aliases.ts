import { type Alias, type Document, isAlias, isNode, type Node, visit } from "yaml";

/** What each alias stands for: of the anchors before it, the last one of its name. */
export function aliasesIn(contents: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  visit(contents, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) aliases.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return aliases;
}

/**
 * Writes out every alias, so that changing what one role has changes nothing for another.
 *
 * @param document one in which no alias stands for what it is in.
 */
export function writeOutAliases(document: Document): void {
  const anchors = new Map<string, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const copy = anchors.get(node.source)?.clone();
        return isNode(copy) ? copy : undefined;
      }
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return undefined;
    },
  });
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) delete node.anchor;
    },
  });
}
