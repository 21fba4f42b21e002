import process from 'node:process';
import { say } from './setup-error.mjs';

const TERMINAL_MS = 1_000;
const LOG_MS = 30_000;

/**
 * Says what is being done for as long as the work takes: on a terminal the seconds count in one line, elsewhere a line
 * comes every half minute, so that nobody takes a long download for a hang.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {{ stream?: NodeJS.WriteStream, everyMs?: number }} [shown]
 * @returns {Promise<T>}
 */
export async function withProgress(what, work, { stream = process.stderr, everyMs } = {}) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const isTerminal = stream.isTTY === true;
  say(`${what} ...`);
  const tell = () =>
    isTerminal ? stream.write(`\r\x1b[Kreelmill: ${what} ... ${seconds()}`) : say(`${what} ... ${seconds()}`);
  const timer = setInterval(tell, everyMs ?? (isTerminal ? TERMINAL_MS : LOG_MS));
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isTerminal) stream.write('\r\x1b[K');
  }
}
