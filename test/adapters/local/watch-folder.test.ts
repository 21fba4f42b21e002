import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import * as z from 'zod/mini';
import { watchFolder } from '../../../adapters/local/watch-folder.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { type DroppedFolder, inFolder, until } from '../../fixtures/dropped-folder.ts';
import { sorted } from '../../fixtures/sorted.ts';

describe.each([
  { by: 'the events of the system', usePolling: false },
  { by: 'looking again and again', usePolling: true },
])('watchFolder by $by', ({ usePolling }) => {
  /** A test that starts the watch where it likes; it is ended, and has to have ended well, after it. */
  const watched = (test: (folder: DroppedFolder & { watch(): void }) => Promise<void>) =>
    inFolder(async (folder) => {
      let watching: Promise<void> | undefined;
      const watch = () => {
        watching = watchFolder(folder.root, { ...folder.options, usePolling });
      };
      await test({ ...folder, watch });
      folder.abort.abort();
      await watching;
    });

  it.concurrent(
    'reports what is there and what comes, each once',
    watched(async ({ watch, drop, drops, keys, reports, settled }) => {
      await drop('input/preserve/there.mov');
      watch();
      await until(() => drops.length === 1);
      await drop('input/preserve/later.mov');
      await drop('input/preserve/later.mov.part');
      await drop('input/downscale/new/deep/folder/x.mov');
      await drop('output/preserve/later.mov/preserve.mp4');
      await until(() => drops.length >= 3);
      await settled();
      expect(sorted(keys())).toEqual([
        'input/downscale/new/deep/folder/x.mov',
        'input/preserve/later.mov',
        'input/preserve/there.mov',
      ]);
      expect(reports).toEqual([]);
    }),
  );

  it.concurrent(
    'misses nothing that comes while it begins',
    watched(async ({ watch, drop, drops, keys }) => {
      for (let index = 0; index < 200; index++) await drop(`input/preserve/there/${index}.mov`);
      watch();
      const late = Array.from({ length: 60 }, (_, index) => `input/preserve/${index % 7}/${index}/late.mov`);
      for (const key of late) await drop(key);
      await until(() => drops.length >= 260);
      expect(sorted(keys().filter((key) => key.endsWith('late.mov')))).toEqual(sorted(late));
    }),
  );

  it.concurrent(
    'misses nothing that comes into folders as they are made',
    watched(async ({ watch, drop, drops, keys }) => {
      watch();
      await drop('input/preserve/first.mov');
      await until(() => drops.length > 0);
      const late = Array.from({ length: 150 }, (_, index) => `input/preserve/${index}/x/y/late.mov`);
      for (const [index, key] of late.entries()) {
        await drop(key.replace('late.mov', '.hidden'));
        await sleep(index % 4);
        await drop(key);
      }
      await until(() => drops.length > late.length);
      expect(sorted(keys())).toEqual(sorted(['input/preserve/first.mov', ...late]));
    }),
  );

  it.concurrent.each([{ isPreallocated: false }, { isPreallocated: true }])(
    'reports a slow copy once, when it is whole (size from the start: $isPreallocated)',
    ({ isPreallocated }) =>
      watched(async ({ watch, copySlowly, drops, settled, time }) => {
        watch();
        const copying = copySlowly('input/preserve/slow.mov', { isPreallocated });
        copying.then(time.release);
        await until(() => drops.length > 0);
        await copying;
        await settled();
        expect(drops).toEqual([expect.objectContaining({ key: 'input/preserve/slow.mov', bytes: 25_000 })]);
      })(),
  );

  it.concurrent(
    'reports each new version of a file',
    watched(async ({ base, watch, drop, drops, pathOf, settled }) => {
      watch();
      await drop('input/preserve/a.mov', 'one');
      await until(() => drops.length === 1);
      await settled();
      await drop('input/preserve/a.mov', 'the next');
      await until(() => drops.length === 2);
      await settled(); // of two changes within 5 ms the system's events tell the first alone, and the look after it finds both
      await writeFile(join(base, 'third.mov'), 'the third');
      await rename(join(base, 'third.mov'), pathOf('input/preserve/a.mov'));
      await until(() => drops.length >= 3);
      await settled();
      expect(drops.map(({ bytes }) => bytes)).toEqual([3, 8, 9]);
    }),
  );

  it.concurrent(
    'reports a download under its last name only',
    watched(async ({ watch, drop, drops, keys, pathOf, settled }) => {
      watch();
      await drop('input/preserve/a.mov.crdownload');
      await rename(pathOf('input/preserve/a.mov.crdownload'), pathOf('input/preserve/a.mov'));
      await until(() => drops.length > 0);
      await settled();
      expect(keys()).toEqual(['input/preserve/a.mov']);
    }),
  );

  it.concurrent(
    'reports a file under its new name, and again when it comes back',
    watched(async ({ watch, drop, drops, keys, pathOf, settled }) => {
      watch();
      await drop('input/preserve/a.mov');
      await until(() => drops.length === 1);
      await settled();
      await rename(pathOf('input/preserve/a.mov'), pathOf('input/preserve/b.mov'));
      await until(() => drops.length === 2);
      await settled();
      await rename(pathOf('input/preserve/b.mov'), pathOf('input/preserve/a.mov'));
      await until(() => drops.length >= 3);
      await settled();
      expect(keys()).toEqual(['input/preserve/a.mov', 'input/preserve/b.mov', 'input/preserve/a.mov']);
    }),
  );

  it.concurrent(
    'reports nothing that is gone before it is whole',
    watched(async ({ watch, drop, drops, keys, pathOf, settled, time }) => {
      time.hold();
      watch();
      await drop('input/preserve/gone.mov');
      await time.waits();
      await rm(pathOf('input/preserve/gone.mov'));
      time.release();
      await drop('input/preserve/stays.mov');
      await until(() => drops.length > 0);
      await settled();
      expect(keys()).toEqual(['input/preserve/stays.mov']);
    }),
  );

  it.concurrent(
    'reports every file of a folder that is moved in',
    watched(async ({ base, watch, drops, keys, pathOf, settled }) => {
      watch();
      const names = Array.from({ length: 300 }, (_, index) => `${index}.mov`);
      await mkdir(join(base, 'album/below'), { recursive: true });
      await Promise.all(names.map((name) => writeFile(join(base, 'album/below', name), name)));
      await rename(join(base, 'album'), pathOf('input/preserve/album'));
      await until(() => drops.length >= names.length);
      await settled();
      expect(sorted(keys())).toEqual(sorted(names.map((name) => `input/preserve/album/below/${name}`)));
    }),
  );

  it.concurrent(
    'finds input/ again after it was removed and made anew',
    watched(async ({ watch, drop, drops, keys, pathOf }) => {
      watch();
      await drop('input/preserve/a.mov');
      await until(() => drops.length === 1);
      await rm(pathOf('input'), { recursive: true });
      await drop('input/preserve/b.mov');
      await until(() => drops.length >= 2);
      expect(keys()).toEqual(['input/preserve/a.mov', 'input/preserve/b.mov']);
    }),
  );

  it.concurrent(
    'makes input/ where there is none',
    watched(async ({ watch, drop, drops, keys, pathOf }) => {
      await rm(pathOf('input'), { recursive: true });
      watch();
      await until(() => existsSync(pathOf('input')));
      await drop('input/preserve/a.mov');
      await until(() => drops.length > 0);
      expect(keys()).toEqual(['input/preserve/a.mov']);
    }),
  );

  it.concurrent(
    'follows no link out of the folder',
    watched(async ({ base, watch, drops, reports, pathOf, settled }) => {
      await mkdir(join(base, 'elsewhere'));
      await writeFile(join(base, 'elsewhere/secret.mov'), 'secret');
      watch();
      await symlink(join(base, 'elsewhere'), pathOf('input/preserve/folder'));
      await symlink(join(base, 'elsewhere/secret.mov'), pathOf('input/preserve/link.mov'));
      await until(() => reports.some((message) => message.includes('link.mov')));
      await writeFile(join(base, 'elsewhere/another.mov'), 'secret');
      await settled();
      expect(drops).toEqual([]);
    }),
  );

  it.concurrent(
    'tells of a link once, however it is found',
    watched(async ({ base, watch, drop, drops, reports, pathOf }) => {
      const link = pathOf('input/preserve/link.mov');
      await writeFile(join(base, 'secret.mov'), 'secret');
      await symlink(join(base, 'secret.mov'), link);
      watch();
      await until(() => reports.length > 0); // by the scan at the start
      await rm(link);
      await drop('input/preserve/between.mov');
      await until(() => drops.length === 1);
      await symlink(join(base, 'secret.mov'), link); // by an event
      await drop('input/preserve/behind.mov');
      await until(() => drops.length === 2);
      expect(reports).toEqual([
        expect.stringMatching(/^"input\/preserve\/link\.mov" is a link that leads out of its folder; /),
      ]);
    }),
  );
});

it(
  'watchFolder looks again and again when the system watches no more files',
  inFolder(async ({ root, drop, abort }) => {
    const script = await bundled(`
      import { closeSync, openSync } from 'node:fs';
      import { watchFolder } from './adapters/local/watch-folder.ts';
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null', 'r')); } catch {}
      const say = (...line) => console.log(JSON.stringify(line));
      const report = (message) => {
        say('report', message);
        if (message.includes('EMFILE')) for (const each of taken.splice(0)) closeSync(each);
      };
      const signal = new AbortController().signal;
      await watchFolder(process.argv[2], { signal, stableMs: 100, report, onDrop: ({ key }) => say('drop', key) });
    `);
    const command = ['-c', 'ulimit -n 256; exec "$@"', 'sh', process.execPath, script, root];
    const child = execa('sh', command, { reject: false, buffer: false, cancelSignal: abort.signal });
    const lines = child.iterable(); // left by a break it would wait for the process to end
    const next = async () => z.tuple([z.string(), z.string()]).parse(JSON.parse((await lines.next()).value));
    let told = await next();
    while (!told[1].includes('EMFILE')) told = await next();
    await drop('input/preserve/a.mov');
    while (told[0] !== 'drop') told = await next();
    expect(told).toEqual(['drop', 'input/preserve/a.mov']);
    abort.abort();
    await child;
  }),
);
