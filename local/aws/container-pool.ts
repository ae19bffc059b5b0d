import type { Container } from "./container.ts";

export interface ContainerPool {
  /** A free container, else a new one. The most recently used first, as Lambda prefers. */
  take(): Container;
  giveBack(container: Container): void;
  /** Stops all of them, taken ones too. */
  stop(): Promise<void>;
}

/** Keeps containers warm between invocations; there are as many as were ever needed at once. */
export function createContainerPool(createContainer: () => Container): ContainerPool {
  const all = new Set<Container>();
  const free: Container[] = [];

  function take(): Container {
    const container = free.pop() ?? createContainer();
    all.add(container);
    return container;
  }

  async function stop(): Promise<void> {
    await Promise.all([...all].map((container) => container.stop()));
  }

  return { take, giveBack: (container) => free.push(container), stop };
}
