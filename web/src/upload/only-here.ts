/**
 * Does the work while no other tab of this browser does it for the same upload; otherwise tells so, and waits until the
 * other one is finished or closed. The browser ends the lock of a tab that is closed or crashes.
 */
export async function onlyHere<T>(
  upload: string,
  { signal, onWaiting }: { readonly signal: AbortSignal; onWaiting(): void },
  work: (waited: boolean) => Promise<T>,
): Promise<T> {
  const name = `reelmill-upload-${upload}`;
  const isFree = await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { done: await work(false) } : undefined,
  );
  if (isFree) return isFree.done;
  onWaiting();
  return navigator.locks.request(name, { signal }, () => work(true));
}
