import { chown, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { capture } from './child.mjs';

/** Of a Unix system's user "nobody". VLC refuses to run as root. */
const NOBODY = 65_534;

/** On stderr only libavcodec's errors; all that VLC says itself goes into a file. */
const LOGS = ['--verbose', '0', '--file-logging', '--log-verbose', '2', '--logfile'];
/** Four times as fast as it plays, yet every frame decoded, also where the machine is too slow for that. */
const EVERY_FRAME = [
  ...['--vout', 'dummy', '--aout', 'adummy', '--rate', '4'],
  ...['--no-drop-late-frames', '--no-skip-frames', '--no-avcodec-hurry-up'],
];

/**
 * Plays a file in VLC without a window or a sound. `decoders` are the codecs (by fourcc) it decoded, which proves that it
 * got that far; `errors` is all it complained of.
 * @param {string} file
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<{ decoders: string[], errors: string[] }>}
 */
export async function playInVlc(file, { timeoutMs = 120_000 } = {}) {
  const home = await mkdtemp(join(tmpdir(), 'reelmill-vlc-'));
  try {
    const asRoot = process.getuid?.() === 0;
    const readable = asRoot ? await copyForNobody(file, home) : file;
    const log = join(home, 'vlc.log');
    const args = ['-I', 'dummy', '--no-dbus', ...LOGS, log, ...EVERY_FRAME, '--', readable, 'vlc://quit'];
    const { code, stderr } = await capture('cvlc', args, {
      env: { PATH: process.env.PATH, HOME: home },
      timeoutMs,
      ...(asRoot && { uid: NOBODY, gid: NOBODY }),
    });
    const said = await readFile(log, 'utf8').catch(() => '');
    const errors = [...stderr.split('\n').filter((line) => line.trim() !== ''), ...complaints(said)];
    return { decoders: opened(said), errors: code === 0 ? errors : [...errors, `cvlc exited ${code}`] };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @param {string} home
 */
async function copyForNobody(file, home) {
  const copy = join(home, basename(file));
  await copyFile(file, copy);
  await chown(copy, NOBODY, NOBODY);
  await chown(home, NOBODY, NOBODY);
  return copy;
}

/**
 * The error lines, but for what VLC says of a missing desktop.
 * @param {string} log
 */
function complaints(log) {
  return log.split('\n').filter((line) => / error: /.test(line) && !/interface/.test(line));
}

/** @param {string} log */
function opened(log) {
  return [...log.matchAll(/killing decoder fourcc `(\w+)/g)].map(([, fourcc]) => fourcc ?? '');
}
