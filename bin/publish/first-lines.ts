/** Where something stood first, and what was told of it there. */
export type First = { readonly line: number; readonly content: number };

/**
 * Remembers where each of very many things stood first: a person of a batch, an event of a file.
 * Sixteen bytes for each, and room to grow: a million take 34 MB, and 50 MB while it grows.
 */
export function createFirstLines() {
  let slots = 1024;
  let taken = 0;
  // Two halves of a 64-bit key, the line, where 0 means that the slot is free, and the content.
  let table = new Uint32Array(4 * slots);

  const slotOf = (high: number, low: number): number => {
    for (let slot = low & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = 4 * slot;
      if (table[at + 2] === 0 || (table[at] === high && table[at + 1] === low)) return at;
    }
  };

  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = new Uint32Array(4 * slots);
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 2] === 0) continue;
      table.set(old.subarray(at, at + 4), slotOf(old[at] ?? 0, old[at + 1] ?? 0));
    }
  };

  /**
   * @param hash a SHA-256 in hex, which stands for the thing.
   * @param line from 1.
   * @param content 32 bits that are others where the thing is the same and what it holds is not.
   * @returns where it stood before, if it did.
   */
  return (hash: string, line: number, content = 0): First | undefined => {
    const high = Number.parseInt(hash.slice(0, 8), 16);
    const low = Number.parseInt(hash.slice(8, 16), 16);
    const at = slotOf(high, low);
    const first = { line: table[at + 2] ?? 0, content: table[at + 3] ?? 0 };
    if (first.line !== 0) return first;
    table[at] = high;
    table[at + 1] = low;
    table[at + 2] = line;
    table[at + 3] = content;
    taken += 1;
    if (2 * taken > slots) grow();
    return undefined;
  };
}
