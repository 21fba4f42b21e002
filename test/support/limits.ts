import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';

/**
 * Programs through which another is run without root's power over permissions, so that what is forbidden is forbidden;
 * whoever is not root needs none.
 */
export const withoutPower = (): string[] =>
  process.getuid?.() === 0 ? ['setpriv', `--bounding-set=${FORBIDDING}`, `--inh-caps=${FORBIDDING}`, '--'] : [];

const FORBIDDING = '-dac_override,-dac_read_search';

/** A shell that runs the rest of its arguments with a small file system at `$1`, and lists what lies there at the end. */
const SMALL_DISK = `mount -t tmpfs -o size="$2" none "$1" || exit 99
folder=$1; shift 2; "$@"; code=$?
cd "$folder" && find . -type f >&2; exit $code`;

/** A shell that runs the rest of its arguments where nothing can be written but below `$1`, as Batch does with our images. */
const READ_ONLY_ROOT = `mount --make-rprivate / && mount --bind "$1" "$1" && mount -o remount,bind,ro / || exit 99
if mountpoint -q /tmp; then mount -o remount,bind,ro /tmp || exit 99; fi
shift; exec "$@"`;

/**
 * Programs through which another is run with a root file system that cannot be written to, except below `folder`; where nobody
 * may mount anything, as in plain containers, as a user to whom nothing else belongs.
 */
export function onReadOnlyRoot(folder: string): string[] {
  const mounting = waysToMount();
  if (mounting) return [...mounting, 'sh', '-c', READ_ONLY_ROOT, 'sh', folder];
  if (process.getuid?.() !== 0) return [];
  chownSync(folder, NOBODY, NOBODY);
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
}

const NOBODY = 10_001;

/**
 * Programs through which another is run on a disk of so many bytes at `folder`; where nobody may mount one, as in plain
 * containers, each of its files may have that many.
 */
export function onSmallDisk(folder: string, bytes: number): string[] {
  const mounting = waysToMount();
  if (mounting) return [...mounting, 'sh', '-c', SMALL_DISK, 'sh', folder, `${bytes}`];
  return ['bash', '-c', `ulimit -f ${Math.ceil(bytes / 1024)}; exec "$@"`, 'bash'];
}

const waysToMount = () =>
  [
    ['unshare', '-m'],
    ['unshare', '-rm'],
    ['sudo', '-n', '-E', 'unshare', '-m'],
  ].find(mayMount);

function mayMount([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
