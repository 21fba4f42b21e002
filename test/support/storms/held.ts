import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process held at one moment: memory in megabytes, and open files and connections. */
export type Held = { readonly megabytes: number; readonly handles: number };

/** Looks at a process of Linux; undefined if it has gone. */
export async function heldBy(pid: number): Promise<Held | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const handles = (await readdir(`/proc/${pid}/fd`)).length;
    return { megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024, handles };
  } catch {
    return undefined;
  }
}

/** Looks at a process every half second until it ends, or `isOver` says so of the number of looks. */
export async function heldMeanwhile(pid: number, isOver: (looks: number) => boolean): Promise<readonly Held[]> {
  const found: Held[] = [];
  while (!isOver(found.length)) {
    const held = await heldBy(pid);
    if (!held) break;
    found.push(held);
    await sleep(500);
  }
  return found;
}

/** The medians of the second and of the last quarter: the first one is the start. */
export function earlyAndLate(found: readonly Held[]): { readonly early: Held; readonly late: Held } {
  const quarter = Math.max(1, Math.floor(found.length / 4));
  return { early: medians(found.slice(quarter, 2 * quarter)), late: medians(found.slice(-quarter)) };
}

function medians(found: readonly Held[]): Held {
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return {
    megabytes: Math.round(middle(found.map(({ megabytes }) => megabytes))),
    handles: middle(found.map(({ handles }) => handles)),
  };
}
