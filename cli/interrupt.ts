import process from 'node:process';

/**
 * Aborts at Ctrl-C or SIGTERM, and when whoever read our stdout has gone, so that all ends cleanly; a second Ctrl-C ends the
 * process at once. Process-wide: for main commands only.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.on('error', () => controller.abort());
  return controller.signal;
}
