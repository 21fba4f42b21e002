import process from 'node:process';

/**
 * Returns a signal that aborts at Ctrl-C, at SIGTERM, and when the reader of our stdout has gone, so that the command ends
 * cleanly. A second Ctrl-C ends the process at once. The handlers are process-wide, so only main commands may use it.
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
