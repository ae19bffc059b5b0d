/**
 * Remembers by whom a person was invited into an organization first: the line for each message group.
 * Twelve bytes for each, and room to grow: a million take 50 MB at most.
 */
export function createPeople() {
  let slots = 1024;
  let taken = 0;
  // Two halves of a 64-bit key and the line, where 0 means that the slot is free.
  let table = new Uint32Array(3 * slots);

  const slotOf = (high: number, low: number): number => {
    for (let slot = low & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = 3 * slot;
      if (table[at + 2] === 0 || (table[at] === high && table[at + 1] === low)) return at;
    }
  };

  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = new Uint32Array(3 * slots);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue;
      table.set(old.subarray(at, at + 3), slotOf(old[at] ?? 0, old[at + 1] ?? 0));
    }
  };

  /**
   * @param groupId the message group, in hex.
   * @param line from 1.
   * @returns the line that named this person before, if one did.
   */
  return (groupId: string, line: number): number | undefined => {
    const high = Number.parseInt(groupId.slice(0, 8), 16);
    const low = Number.parseInt(groupId.slice(8, 16), 16);
    const at = slotOf(high, low);
    if (table[at + 2] !== 0) return table[at + 2];
    table.set([high, low, line], at);
    taken += 1;
    if (2 * taken > slots) grow();
    return undefined;
  };
}
