import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceError } from '../../../core/errors.ts';
import type { JobEvent } from '../../../core/job/events.ts';
import type { FileMaker } from '../../../core/ports/file-maker.ts';
import type { Ports } from '../../../core/ports/ports.ts';
import { ladder } from '../../../core/recipes/ladder.ts';
import { makeClip } from '../../fixtures/make.ts';
import { type Milled, testMill } from '../../support/mill.ts';
import { processesNaming } from '../../support/processes.ts';

const [, , hd, sd] = ladder.renditions;
const two = {
  ...ladder,
  renditions: [
    { ...hd, parent: 'source', fit: { shortSide: 144 } },
    { ...sd, fit: { halfPerimeter: 120 } },
  ],
};
const settings = { preset: 'ultrafast', segmentSeconds: '1' };
const film = () =>
  makeClip({
    file: 'film.mp4',
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=256x144:rate=25:duration=2.4', '-f', 'lavfi', '-i', 'sine=duration=2.4'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac'],
    ],
  });

/** Where in the events a rendition is first told of, and where last. */
const spanOf = (events: readonly JobEvent[], name: string) => {
  const mine = events.flatMap((event, i) => ('rendition' in event && event.rendition === name ? [i] : []));
  return { first: mine[0] ?? Number.NaN, last: mine.at(-1) ?? Number.NaN };
};

const PICTURES = ['hd.mp4', 'sd.mp4', 'poster.jpg', 'sprite.jpg', 'master.m3u8', 'manifest.mpd'];
const filesOf = (made: Milled) => Promise.all(PICTURES.map((name) => readFile(made.path(name))));

/** Which files are read packet by packet, with hashes for others to be made from them, and for their times alone. */
function listed() {
  const [whole, times]: [string[], string[]] = [[], []];
  return {
    ...{ whole, times },
    between: ({ reader }: Ports): Partial<Ports> => ({
      reader: {
        ...reader,
        survey(source, options) {
          whole.push(basename(source.path));
          return reader.survey(source, options);
        },
        surveyTimes(source, options) {
          times.push(basename(source.path));
          return reader.surveyTimes(source, options);
        },
      },
    }),
  };
}

describe('renditions that do not depend on one another', () => {
  const surveys = listed();
  const encodes: (readonly string[])[] = [];
  let made: Milled;
  beforeAll(async () => {
    const between = (ports: Ports) => ({ ...surveys.between(ports), maker: counting(ports.maker, encodes) });
    const mill = await testMill({ between });
    made = await mill.run(await film(), two, settings);
  });

  it('are made side by side, and listed in their order', async () => {
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await made.manifest();
    expect(renditions.map(({ name }) => name)).toEqual(['hd', 'sd']);
    expect(renditions.flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([]);
  });

  it('are encoded segment by segment, by one decode for both', async () => {
    const { renditions } = await made.manifest();
    const { total } = renditions[0]?.segments ?? { total: 0 };
    expect(total).toBeGreaterThan(1);
    expect(encodes.map((heights) => [...heights].toSorted())).toEqual(Array(total).fill(['144', '42']));
    for (const { segments } of renditions) expect(segments).toMatchObject({ encoded: total, reused: 0 });
  });

  it('are made of a source that was read once', async () => {
    expect(surveys.whole).toEqual(['film.mp4']);
    expect(surveys.times).toEqual(expect.arrayContaining(['hd.mp4', 'sd.mp4']));
    expect(surveys.times).toHaveLength(2);
  });

  it('take no step longer than the whole', async () => {
    const { total, ...steps } = (await made.manifest()).timings;
    for (const seconds of Object.values(steps)) expect(seconds).toBeLessThanOrEqual(total);
  });

  it('become what they become one after the other', async () => {
    const after = await testMill();
    await after.run(await film(), { ...two, renditions: two.renditions.slice(0, 1) }, settings);
    const alone = await after.run(await film(), two, settings); // there is a manifest, so in order
    expect(spanOf(alone.events, 'hd').last).toBeLessThan(spanOf(alone.events, 'sd').first);
    expect(await filesOf(alone)).toEqual(await filesOf(made));
  });
});

describe('renditions that are made from one another', () => {
  it('are made one after the other', async () => {
    const surveys = listed();
    const mill = await testMill({ between: surveys.between });
    const { outcome, events } = await mill.run(await film(), two, { ...settings, from: 'parent' });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(surveys).toMatchObject({ whole: ['film.mp4', 'hd.mp4'], times: ['sd.mp4'] });
    expect(spanOf(events, 'hd').last).toBeLessThan(spanOf(events, 'sd').first);
  });
});

describe('where one decode cannot give both', () => {
  it.each([
    { what: 'because it fails', encodeTogether: () => Promise.reject(new ServiceError('bug', 'the encoder failed')) },
    { what: 'because they are read apart', encodeTogether: async () => undefined },
  ])('each is encoded alone, $what', async ({ encodeTogether }) => {
    const encodes: (readonly string[])[] = [];
    const mill = await testMill({
      between: ({ maker }) => ({ maker: { ...counting(maker, encodes), encodeTogether } }),
    });
    const made = await mill.run(await film(), two, settings);
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await made.manifest();
    const { total } = renditions[0]?.segments ?? { total: 0 };
    expect(encodes.flat().toSorted()).toEqual([...Array(total).fill('144'), ...Array(total).fill('42')]);
  });
});

describe('where the pieces of one are there already', () => {
  it('the other is encoded alone', async () => {
    const encodes: (readonly string[])[] = [];
    const mill = await testMill({ between: ({ maker }) => ({ maker: counting(maker, encodes) }) });
    const first = await mill.run(await film(), { ...two, renditions: two.renditions.slice(0, 1) }, settings);
    await rm(dirname(first.path('manifest.json')), { recursive: true });
    encodes.length = 0;
    const second = await mill.run(await film(), two, settings);
    expect(new Set(encodes.flat())).toEqual(new Set(['42']));
    expect((await second.manifest()).renditions[0]?.segments).toMatchObject({ encoded: 0 });
  });
});

describe('where one of two fails', () => {
  let broken = true;
  afterEach(() => {
    broken = true;
  });

  it('the other is stopped, nothing is published, no process is left, and the next run goes on from there', async () => {
    const stopped: unknown[] = [];
    const mill = await testMill({ between: ({ maker }) => (broken ? { maker: failing(maker, stopped) } : {}) });
    const source = await film();
    const slow = { preset: 'medium', segmentSeconds: '1' };
    const first = await mill.run(source, two, slow);
    expect(first.outcome).toMatchObject({ status: 'failed', code: 'cannot-write', reason: 'sd cannot be joined' });
    expect(new Set(stopped)).toEqual(new Set([true]));
    expect(await processesNaming(mill.folder)).toEqual([]);
    await expect(first.manifest()).rejects.toThrow();

    broken = false;
    const second = await mill.run(source, two, slow);
    expect(second.outcome).toMatchObject({ status: 'done' });
    const [, small] = (await second.manifest()).renditions;
    expect(small?.segments).toMatchObject({ encoded: 0, reused: small?.segments.total });
  });
});

/** Notes of which height the pieces are that are encoded by one program. */
function counting(maker: FileMaker, encodes: (readonly string[])[]): FileMaker {
  return {
    ...maker,
    encodeSegment(task, output, options) {
      encodes.push([`${task.spec.size.height}`]);
      return maker.encodeSegment(task, output, options);
    },
    encodeTogether(pieces, options) {
      encodes.push(pieces.map(({ task }) => `${task.spec.size.height}`));
      return maker.encodeTogether(pieces, options);
    },
  };
}

/** Joining `sd` fails, and while it does `hd` is still at its first piece; `stopped` gets whether its signal was aborted, once for each piece in work. */
function failing(maker: FileMaker, stopped: unknown[]): FileMaker {
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  return {
    ...maker,
    encodeTogether: async () => undefined,
    async encodeSegment(task, output, options) {
      if (task.spec.size.height !== 144) return maker.encodeSegment(task, output, options);
      begin();
      try {
        for (;;) await maker.encodeSegment(task, output, options); // never done
      } finally {
        stopped.push(options.signal.aborted);
      }
    },
    async join(plan, options) {
      if (!plan.output.includes('sd')) return maker.join(plan, options);
      await begun;
      throw new ServiceError('cannot-write', 'sd cannot be joined');
    },
  };
}
