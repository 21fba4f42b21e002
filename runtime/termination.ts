import process from 'node:process';

/** A container has 30 s between SIGTERM and SIGKILL; this leaves some of it. */
const GRACE_MS = 25_000;

/** Returns a signal that aborts when the machine is taken away. A process that still runs 25 s later exits with `exitCode`. */
export function terminationSignal(exitCode: number): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
  };
  // never removed: other packages would end the process at a signal that has no listener
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return controller.signal;
}
