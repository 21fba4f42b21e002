import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../adapters/local/folder-store.ts';
import { isAlive, ownerId } from '../adapters/local/owner.ts';
import { sqliteJobStore } from '../adapters/local/sqlite-job-store.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import { localScratch } from '../adapters/local/local-scratch.ts';
import type { Ports } from '../app/ports.ts';
import { ffmpegMedia } from '../media/ffmpeg-media.ts';
import { openToolbox } from '../media/toolbox.ts';

export type LocalPlaces = { readonly sources: string; readonly outputs: string; readonly work: string };

export async function openLocalPorts(places: LocalPlaces, notifier: Ports['notifier']): Promise<Ports & { close(): void }> {
  mkdirSync(places.work, { recursive: true });
  const jobs = sqliteJobStore(join(places.work, 'jobs.sqlite'), isAlive);
  const clock = systemClock;
  return {
    sources: folderStore(places.sources),
    outputs: folderStore(places.outputs),
    cache: folderStore(join(places.work, 'cache')),
    scratch: localScratch(places.work),
    jobs,
    notifier,
    clock,
    media: ffmpegMedia(await openToolbox()),
    newOwner: () => ownerId(clock.newId()),
    cores: availableParallelism(),
    close: () => jobs.close(),
  };
}
