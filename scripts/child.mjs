import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program in this terminal and gives its exit code (128 + the signal's number if one ended it). A SIGTERM is
 * passed on; so is a SIGINT that does not come from a terminal, which sends Ctrl-C to the whole group itself.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Omit<import('node:child_process').SpawnOptions, 'stdio'>} [options]
 * @returns {Promise<number>}
 */
export async function runHere(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  const release = passSignalsTo(child);
  try {
    return await exitCode(child);
  } finally {
    release();
  }
}

/**
 * Runs a program quietly: what it says is kept (the last 64 kB), not shown. Its standard input is empty. A signal that
 * arrives meanwhile ends the program, and then this one.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Omit<import('node:child_process').SpawnOptions, 'stdio'> & { timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export async function capture(command, args, { timeoutMs, ...options } = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = tail(child.stdout);
  const stderr = tail(child.stderr);
  const release = passSignalsTo(child);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    return { code: await exitCode(child), stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    const signal = release();
    if (signal) process.kill(process.pid, signal);
  }
}

/**
 * Until released; that gives the signal that arrived, if one did.
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignalsTo(child) {
  /** @type {NodeJS.Signals | undefined} */
  let arrived;
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    arrived = signal;
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGTERM', pass).on('SIGINT', pass);
  return () => {
    process.off('SIGTERM', pass).off('SIGINT', pass);
    return arrived;
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** @param {import('node:stream').Readable} stream */
function tail(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text = (text + chunk).slice(-65_536);
  });
  return () => text;
}
