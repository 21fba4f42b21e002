import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import { asFieldPictures } from '../fixtures/field-pictures.ts';
import { makeClip } from '../fixtures/make.ts';
import { paff } from '../fixtures/paff.ts';
import { decodedFrames, ffprobe } from '../support/decoded-frames.ts';
import { milledFile, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

const fieldsOf = (order: 'top' | 'bottom', flag: 'tff' | 'bff' | 'prog') =>
  `tinterlace=interleave_${order},setfield=${flag},format=yuv420p`;
const moving = (rate: number, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=${rate}:duration=${seconds}`],
];
const mpeg2 = (top: '0' | '1') => ['-c:v', 'mpeg2video', '-q:v', '3', '-flags', '+ilme+ildct', '-top', top, '-g', '12'];
const exact = { preset: 'ultrafast', lossless: 'true', evenIfLarger: 'true', segmentSeconds: '1' };

const inTs = {
  file: 'top-first.ts',
  args: [...moving(50, 2), '-vf', fieldsOf('top', 'tff'), ...mpeg2('1')],
};
const unflagged = {
  file: 'unflagged.mkv',
  args: [...moving(50, 1), '-vf', fieldsOf('top', 'prog'), '-c:v', 'ffv1', '-g', '10'],
};
const oneMoment = { file: 'one-moment.mkv', args: [...moving(25, 1), '-c:v', 'ffv1', '-g', '10'] };
const bottomFirst = {
  file: 'bottom-first.mp4',
  args: [...moving(60, 1), '-vf', fieldsOf('bottom', 'bff'), ...mpeg2('0')],
};
const mbaff = {
  file: 'mbaff.mp4',
  args: [
    ...[...moving(50, 1), '-vf', fieldsOf('top', 'tff'), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12'],
    ...['-flags', '+ildct+ilme', '-x264-params', 'tff=1'],
  ],
};
const halves = {
  file: 'halves.m2v',
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=160x128:rate=50:duration=1'],
    ...[
      '-vf',
      `${fieldsOf('top', 'tff')},separatefields,setsar=1`,
      '-c:v',
      'mpeg2video',
      '-g',
      '1',
      '-bf',
      '0',
      '-q:v',
      '3',
    ],
  ],
};
/** MPEG-2 each of whose pictures is one field, in a transport stream. */
async function fieldPictures(): Promise<string> {
  const folder = await temporaryFolder();
  const [coded, file] = [join(folder, 'field.m2v'), join(folder, 'field-pictures.ts')];
  await writeFile(coded, asFieldPictures(await readFile(await makeClip(halves))));
  await run('ffmpeg', ['-v', 'error', '-fflags', '+genpts', '-r', '25', '-i', coded, '-c', 'copy', file]);
  return file;
}
/** H.264 each of whose pictures is one field, as MediaInfo sees it too. */
async function paffFilm(): Promise<string> {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const [width, height] = [160, 128];
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=50:duration=0.8`];
  await run('ffmpeg', ['-v', 'error', ...picture, '-vf', fieldsOf('top', 'tff'), '-f', 'rawvideo', at('raw.yuv')]);
  const planes = await readFile(at('raw.yuv'));
  const bytes = (width * height * 3) / 2;
  const frames = Array.from({ length: planes.length / bytes }, (_, i) => planes.subarray(i * bytes, (i + 1) * bytes));
  await writeFile(at('paff.264'), paff(frames.map((each) => ({ width, height, planes: each }))));
  await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', at('paff.264'), '-c', 'copy', at('paff.mp4')]);
  const { stdout } = await run('mediainfo', ['--Inform=Video;%ScanType% %ScanType_StoreMethod%', at('paff.mp4')]);
  expect(stdout.trim()).toBe('Interlaced SeparatedFields');
  return at('paff.mp4');
}
const late = {
  file: 'late.mkv',
  args: [
    ...moving(50, 1),
    ...['-vf', `${fieldsOf('top', 'tff')},select='not(between(n,10,13))'`, '-fps_mode', 'passthrough'],
    ...['-c:v', 'ffv1', '-g', '5'],
  ],
};
const mixed = {
  file: 'mixed.mkv',
  args: [
    ...[...moving(50, 1.2), ...['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=25:duration=1.2'], ...moving(50, 1.2)],
    '-filter_complex',
    `[0]${fieldsOf('top', 'tff')}[a];[1]scroll=h=0.02,setsar=1,format=yuv420p[b];[2]${fieldsOf('top', 'tff')}[c];[a][b][c]concat=n=3`,
    ...['-c:v', 'ffv1', '-g', '10'],
  ],
};

/** The hashes of one field of each frame, of all lines that the file itself has. */
async function fieldHashes(path: string, type: 'top' | 'bottom'): Promise<readonly string[]> {
  const args = ['-v', 'error', '-i', path, '-vf', `field=type=${type}`, '-fps_mode', 'passthrough'];
  const { stdout } = await run('ffmpeg', [...args, '-pix_fmt', 'yuv420p', '-f', 'framemd5', '-']);
  return stdout.split('\n').flatMap((line) => /^\d.*,\s*([0-9a-f]{32})$/.exec(line)?.[1] ?? []);
}

async function made(source: string, settings: RawSettings = exact) {
  const { manifest, path } = await milledFile(source, settings);
  const [rendition] = manifest.renditions;
  if (!rendition) throw new Error('nothing was made');
  return { manifest, rendition, file: path(rendition.path) };
}

describe('a film of fields', () => {
  it.each([
    { what: 'MPEG-2 in TS, cut into pieces', clip: inTs, order: ['top', 'bottom'], tick: 1 / 90_000 },
    { what: 'flagged as progressive', clip: unflagged, order: ['top', 'bottom'], tick: 0.001 },
    { what: 'the bottom field first, 30 frames a second', clip: bottomFirst, order: ['bottom', 'top'], tick: 1e-6 },
    { what: 'H.264 whose macroblocks are frames or fields (MBAFF)', clip: mbaff, order: ['top', 'bottom'], tick: 1e-4 },
    { what: 'MPEG-2 of field pictures', clip: fieldPictures, order: ['top', 'bottom'], tick: 1 / 90_000 },
    { what: 'H.264 of field pictures (PAFF)', clip: paffFilm, order: ['top', 'bottom'], tick: 1e-4 },
    { what: 'with frames missing', clip: late, order: ['top', 'bottom'], tick: 0.001 },
  ] as const)(
    'becomes a picture of each field, with its lines and at its time: $what',
    async ({ clip, order, tick }) => {
      const source = typeof clip === 'function' ? await clip() : await makeClip(clip);
      const { rendition, manifest, file } = await made(source);
      const [frames, pictures] = await Promise.all([decodedFrames(source, 'yuv420p'), decodedFrames(file, 'yuv420p')]);
      expect(pictures).toHaveLength(2 * frames.length);
      expect(new Set(pictures.map(({ md5 }) => md5)).size).toBe(pictures.length);
      for (const [which, type] of order.entries()) {
        const shown = (await fieldHashes(file, type)).filter((_, i) => i % 2 === which);
        expect(shown).toEqual(await fieldHashes(source, type));
      }
      const [origin, begin] = [frames[0]?.seconds ?? 0, pictures[0]?.seconds ?? 0];
      const half = ((frames[1]?.seconds ?? 0) - origin) / 2;
      for (const [i, { seconds }] of frames.entries()) {
        expect(Math.abs((pictures[2 * i]?.seconds ?? 0) - begin - (seconds - origin))).toBeLessThanOrEqual(tick);
        expect(Math.abs((pictures[2 * i + 1]?.seconds ?? 0) - begin - (seconds - origin + half))).toBeLessThanOrEqual(
          2 * tick,
        );
      }
      expect(rendition.fields).toEqual({
        pictures: 2,
        parts: [{ start: 0, end: frames.length, first: order[0] === 'top' ? 'tff' : 'bff' }],
      });
      expect(manifest.warnings).toContainEqual(expect.stringContaining('has a picture of each field'));
    },
  );

  it('keeps the frames of other parts as they are, each twice, at one steady rate', async () => {
    const source = await makeClip(mixed);
    const { rendition, file } = await made(source);
    const [frames, pictures] = await Promise.all([decodedFrames(source, 'yuv420p'), decodedFrames(file, 'yuv420p')]);
    expect(pictures).toHaveLength(2 * frames.length);
    expect(rendition.fields?.parts).toEqual([
      { start: 0, end: 30, first: 'tff' },
      { start: 60, end: 90, first: 'tff' },
    ]);
    for (let i = 30; i < 60; i++) {
      expect([pictures[2 * i]?.md5, pictures[2 * i + 1]?.md5]).toEqual([frames[i]?.md5, frames[i]?.md5]);
    }
    const interlaced = [...pictures.slice(0, 60), ...pictures.slice(120)].map(({ md5 }) => md5);
    const asTheyWere = new Set(frames.map(({ md5 }) => md5));
    expect(interlaced.filter((md5) => asTheyWere.has(md5))).toEqual([]);
    const apart = pictures.slice(1).map(({ seconds }, i) => seconds - (pictures[i]?.seconds ?? 0));
    expect(Math.max(...apart) - Math.min(...apart)).toBeLessThanOrEqual(0.002);
  });

  it('becomes one picture of each frame by deinterlace=on, as telecine and slow players want it', async () => {
    const { rendition, manifest } = await made(await makeClip(unflagged), { ...exact, deinterlace: 'on' });
    expect(rendition).toMatchObject({ frames: 25, fields: { pictures: 1 } });
    expect(manifest.warnings).toContainEqual(expect.stringContaining('one picture of each interlaced frame'));
  });

  it('is told apart from a film without any, of which deinterlace=on takes no steps of motion', async () => {
    const { manifest } = await milledFile(await makeClip(oneMoment), { ...exact, deinterlace: 'on' });
    expect(manifest.warnings).toContainEqual(
      expect.stringContaining('no frame of the source was found to be interlaced'),
    );
    expect(manifest.warnings.join()).not.toContain('half its steps');
  });

  it('stays one of fields by deinterlace=off where the codec has fields, and says so in its stream', async () => {
    const { manifest, path } = await milledFile(await makeClip(bottomFirst), { deinterlace: 'off' }, 'mezzanine');
    const [rendition] = manifest.renditions;
    expect(rendition).toMatchObject({ frames: 30, fields: { pictures: 0 } });
    const { frames } = await ffprobe(path(rendition?.path ?? ''), '-show_frames', '-select_streams', 'v');
    for (const frame of frames) expect(frame).toMatchObject({ interlaced_frame: 1, top_field_first: 0 });
  });

  it.each([
    ['top', 'TFF', 'tb'],
    ['bottom', 'BFF', 'bt'],
  ])('is marked by deinterlace=off in the description of its track too: %s field first', async (first, order, word) => {
    const args = [
      ...moving(50, 0.4),
      '-vf',
      fieldsOf(first === 'top' ? 'top' : 'bottom', first === 'top' ? 'tff' : 'bff'),
      ...mpeg2(first === 'top' ? '1' : '0'),
    ];
    const { manifest, path } = await milledFile(
      await makeClip({ file: `${first}-first.mpg`, args }),
      { deinterlace: 'off' },
      'mezzanine',
    );
    const film = path(manifest.renditions[0]?.path ?? '');
    expect((await ffprobe(film, '-show_streams', '-select_streams', 'v')).streams[0]).toMatchObject({
      field_order: word,
    });
    const { stdout } = await run('mediainfo', ['--Inform=Video;%ScanType% %ScanOrder%', film]);
    expect(stdout.trim()).toBe(`Interlaced ${order}`);
  });

  it('is refused by deinterlace=off where the codec has none', async () => {
    const mill = await testMill();
    const source = await mill.own(await makeClip(inTs));
    const { outcome } = await mill.run(source, 'preserve', { ...exact, deinterlace: 'off' });
    expect(outcome).toMatchObject({ status: 'failed', code: 'usage', exitCode: 64 });
    expect(JSON.stringify(outcome)).toContain('ProRes keeps them');
  });

  it('of a single frame is a single picture', async () => {
    const args = [...moving(50, 1), '-vf', fieldsOf('top', 'tff'), '-frames:v', '1', ...mpeg2('1')];
    const { rendition } = await made(await makeClip({ file: 'single.mpg', args }));
    expect(rendition.frames).toBe(1);
  });
});
