import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from '../../core/system-failure.ts';

/** The name of a lease's owner: `host:pid:startTime:random`. `random` distinguishes two workers of one process. */
export const ownerId = (random: string): string =>
  [hostPart(), process.pid, encodeURIComponent(startTime(process.pid) ?? ''), random].join(':');

/**
 * Returns false only if the owner is known to be dead: it was a process of this host, and now no process has its number, or
 * one that started at another time. An owner on another host, or with an unreadable name, counts as alive.
 */
export function isAlive(owner: string): boolean {
  const [host, pid, start, random] = owner.split(':');
  if (host !== hostPart() || !pid || !/^[1-9]\d*$/.test(pid) || random === undefined) return true;
  if (!exists(Number(pid))) return false;
  const now = startTime(Number(pid));
  return now === undefined || !start || encodeURIComponent(now) === start;
}

/** The host's name and the process namespace, because containers may share a host's name but not its process numbers. */
function hostPart(): string {
  return encodeURIComponent(`${hostname()}/${processNamespace()}`);
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

const DEAD = 'dead';

/** When a process started, in the system's format; undefined if the system does not say. */
function startTime(pid: number): string | undefined {
  return process.platform === 'linux' ? startTimeInProc(pid) : startTimeFromPs(pid);
}

/** The start in ticks since the boot (proc(5), field 22). A zombie still has its number, but counts as dead. */
function startTimeInProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name (field 2) is in brackets and may contain anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return DEAD;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return fields[18] && `${boot}-${fields[18]}`;
  } catch {
    return undefined;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const env = { LC_ALL: 'C', TZ: 'UTC' };
    const started = execFileSync('/bin/ps', ['-p', String(pid), '-o', 'lstart='], {
      env,
      timeout: 2000,
      encoding: 'utf8',
    });
    return started.trim().replace(/\s+/g, ' ') || undefined;
  } catch {
    return undefined;
  }
}
