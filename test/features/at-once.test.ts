import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../support/clip.ts';
import { heldFfmpeg } from '../support/held-ffmpeg.ts';
import { type Event, eventsIn, reelmill, runOf, startReelmill } from '../support/reelmill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NAMES = ['a', 'b', 'c'];

let films = '';
let out: Readonly<Record<'one' | 'three', string>>;
let ran: Readonly<Record<'one' | 'three', { code: number | null; events: readonly Event[]; stderr: string }>>;

beforeAll(async () => {
  const folder = await temporaryFolder();
  films = join(folder, 'films');
  await mkdir(films);
  for (const [i, name] of NAMES.entries())
    await makeClip(join(films, `${name}.mp4`), { seconds: 2 - i / 2, size: '160x90' });
  out = { one: join(folder, 'one'), three: join(folder, 'three') };
  const set = ['--set', 'preset=ultrafast', '--set', 'evenIfLarger=true'];
  const asked = (atOnce: string, to: string) => {
    const [command = '', ...args] = runOf([films], { out: to, set, layout: 'files' });
    return [command, '--at-once', atOnce, ...args];
  };
  /** The first film is not done before the last one has begun. */
  const three = async () => {
    const held = await heldFfmpeg('*a.mp4*libx265*');
    const run = startReelmill(asked('3', out.three), held);
    await held.waits();
    await run.says(/"job\.queued".*"c\.mp4"/);
    held.open();
    const { code, stdout, stderr } = await run.ended;
    return { code, events: eventsIn(stdout), stderr };
  };
  ran = { one: await reelmill(asked('1', out.one)), three: await three() };
});

/** Which films were at work when each one began. */
function besides(events: readonly Event[]): readonly string[] {
  const running = new Map<unknown, unknown>();
  return events.flatMap(({ type, job, source }) => {
    if (type === 'job.done') running.delete(job);
    if (type !== 'job.queued') return [];
    running.set(job, source);
    return [[...running.values()].join(' ')];
  });
}

const sums = (folder: string) =>
  Promise.all(
    NAMES.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(folder, `${name}.mp4`)))
        .digest('hex'),
    ),
  );

/** The lines that tell of films, without what they took. */
const told = (stderr: string) => [...stderr.matchAll(/^\[\d\/3\] \S+/gm)].map(([line]) => line);

describe('a run of several films at the same time', () => {
  it('begins the next one while others are at work, and with --at-once 1 it does not', () => {
    expect(besides(ran.three.events)).toEqual(['a.mp4', 'a.mp4 b.mp4', 'a.mp4 b.mp4 c.mp4']);
    expect(besides(ran.one.events)).toEqual(['a.mp4', 'b.mp4', 'c.mp4']);
  });

  it('makes the same bytes as a run of one after the other', async () => {
    expect(await sums(out.three)).toEqual(await sums(out.one));
  });

  it('tells of the films in their order, whichever ends first', () => {
    expect(ran.three.code).toBe(0);
    expect(told(ran.three.stderr)).toEqual(['[1/3] a.mp4', '[2/3] b.mp4', '[3/3] c.mp4']);
    expect(told(ran.three.stderr)).toEqual(told(ran.one.stderr));
  });

  it.each(['0', '65', '-1', 'many', '1.5'])('is refused for --at-once %s, before anything is read', async (atOnce) => {
    const given = ['run', `--at-once=${atOnce}`, '--recipe', 'preserve', '--out', out.one, '--', films];
    const { code, stderr } = await reelmill(given);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringContaining(`--at-once ${atOnce} is out of range; it takes 1 to 64`),
    });
  });
});
