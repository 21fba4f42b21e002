import process from 'node:process';

/** A container has 30 s between SIGTERM and SIGKILL. */
const GRACE_MS = 25_000;

/** Aborts when the machine is taken away; what is not at its end by then is ended with `exitCode`. */
export function terminationSignal(exitCode: number): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
  };
  // for good: with nobody listening any more, others would take the signal for the process's end
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return controller.signal;
}
