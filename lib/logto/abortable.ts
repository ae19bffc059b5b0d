/** Waits for something shared: an abort ends the waiting, not the thing waited for. */
export function abortable<Result>(shared: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (signal === undefined) return shared;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    // Listened to in any case, or its failure would be nobody's and end the process.
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}
