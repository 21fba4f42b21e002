import { execFileSync } from 'node:child_process';

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

/**
 * Programs through which another is run on a disk of so many bytes at `folder`; where nobody may mount one, as in plain
 * containers, each of its files may have that many.
 */
export function onSmallDisk(folder: string, bytes: number): string[] {
  const mounting = [
    ['unshare', '-m'],
    ['unshare', '-rm'],
    ['sudo', '-n', '-E', 'unshare', '-m'],
  ].find(mayMount);
  if (mounting) return [...mounting, 'sh', '-c', SMALL_DISK, 'sh', folder, `${bytes}`];
  return ['bash', '-c', `ulimit -f ${Math.ceil(bytes / 1024)}; exec "$@"`, 'bash'];
}

function mayMount([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
