import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { ladder } from '../../core/recipes/ladder.ts';
import { sphere } from '../../core/recipes/sphere.ts';
import type { ClipSpec } from '../fixtures/clips.ts';
import { makeClip } from '../fixtures/make.ts';
import { cubemap, nonsense, sa3d, saying, st3d, sv3d, xmp } from '../fixtures/spheres.ts';
import { type Milled, type TestMill, testMill } from '../support/mill.ts';

const run = promisify(execFile);

/** Settings that make all three renditions of a tiny source. */
const small = {
  ...sphere,
  renditions: sphere.renditions.map((rendition, i) => ({ ...rendition, fit: { width: [256, 128, 64][i] ?? 0 } })),
};
const settings = { preset: 'ultrafast', segmentSeconds: '1' };

const clip = (edit: NonNullable<ClipSpec['edit']>, file = 'sphere.mp4'): ClipSpec => ({
  file,
  args: [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=256x128:rate=25:duration=2.4'],
    ...['-f', 'lavfi', '-i', 'aevalsrc=sin(440*t)|sin(550*t)|sin(660*t)|sin(770*t):c=4.0:d=2.4'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac'],
  ],
  edit,
});

/** The spherical metadata that ffprobe, with its own parser, finds in the picture. */
async function toldByFfprobe(path: string) {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', 'v:0', '-show_streams', path];
  const list: Record<string, unknown>[] =
    JSON.parse((await run('ffprobe', args)).stdout).streams[0].side_data_list ?? [];
  return Object.fromEntries(list.map(({ side_data_type, ...facts }) => [String(side_data_type), facts]));
}

type ParsedBox = {
  readonly type: string;
  readonly start: number;
  readonly size: number;
  readonly boxes?: readonly ParsedBox[];
};
type ParsedTrack = {
  readonly mdia: { readonly minf: { readonly stbl: { readonly stsd: { readonly entries: readonly ParsedBox[] } } } };
};

/** The boxes inside each track's sample entry as mp4box, an independent parser, finds them: type and bytes. */
async function entriesByMp4box(path: string) {
  const bytes = await readFile(path);
  const file = createFile();
  const whole = Uint8Array.from(bytes).buffer;
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(whole, 0));
  file.flush();
  const { moov } = file as unknown as { moov: { traks: readonly ParsedTrack[] } };
  return moov.traks.map(({ mdia }) => {
    const inside = mdia.minf.stbl.stsd.entries[0]?.boxes ?? [];
    return new Map(inside.map(({ type, start, size }) => [type, bytes.subarray(start, start + size)]));
  });
}

const samplesOf = async (path: string, stream: string) =>
  (await run('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-map', `0:${stream}`, '-c', 'copy', '-f', 'md5', '-']))
    .stdout;

describe('the recipe sphere', () => {
  let mill: TestMill;
  let source: string;
  let made: Milled;
  beforeAll(async () => {
    mill = await testMill();
    const said = { picture: [st3d(1), sv3d()], track: [xmp(256, 128)], sound: [sa3d] };
    source = await makeClip(clip(saying(said)));
    made = await mill.run(source, small, settings);
  });

  it('makes each width with the whole sphere in it, and passes every check', async () => {
    expect(made.outcome).toMatchObject({ status: 'done' });
    const { renditions } = await made.manifest();
    expect(renditions.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['8k', 256, 128],
      ['4k', 128, 64],
      ['1440p', 64, 32],
    ]);
    for (const { checks, segments } of renditions) {
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      expect(checks.find(({ name }) => name === 'spherical metadata as planned')?.detail).toBe(
        'st3d, sv3d, XMP, SA3D of 1, equirectangular',
      );
      expect(segments.total).toBeGreaterThan(1);
    }
  });

  it.each(['8k', '4k', '1440p'])('gives %s the metadata of the source, as ffprobe reads it', async (name) => {
    const told = await toldByFfprobe(made.path(`${name}.mp4`));
    expect(told['Spherical Mapping']).toMatchObject({ projection: 'equirectangular', yaw: 30 });
    expect(told['Stereo 3D']).toMatchObject({ type: 'top and bottom' });
    expect(told).toMatchObject(await toldByFfprobe(source));
  });

  it.each(['8k', '4k', '1440p'])(
    'has the same boxes in %s by another parser, and the sound field with its own',
    async (name) => {
      const [picture, sound] = await entriesByMp4box(made.path(`${name}.mp4`));
      expect(picture?.get('st3d')).toEqual(st3d(1));
      expect(picture?.get('sv3d')).toEqual(sv3d());
      expect(picture?.has('hvcC')).toBe(true);
      expect(sound?.get('SA3D')).toEqual(sa3d);
      expect(sound?.has('esds')).toBe(true);
      expect(await samplesOf(made.path(`${name}.mp4`), 'a:0')).toBe(await samplesOf(source, 'a:0'));
    },
  );

  it('scales the pixel counts in the older XMP to each picture', async () => {
    for (const [name, width, height] of [
      ['8k', 256, 128],
      ['4k', 128, 64],
      ['1440p', 64, 32],
    ] as const) {
      const bytes = await readFile(made.path(`${name}.mp4`));
      expect(bytes.includes(xmp(width, height))).toBe(true);
      expect(bytes.toString('latin1').split('<GSpherical:Spherical>')).toHaveLength(2);
    }
  });

  it('makes files that play before they are downloaded: the index is first, and every sample at its offset', async () => {
    const bytes = await readFile(made.path('4k.mp4'));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    await expect(samplesOf(made.path('4k.mp4'), 'v:0')).resolves.toMatch(/^MD5=/);
  });

  it('makes nothing again from an unchanged sphere', async () => {
    expect((await mill.run(source, small, settings)).outcome).toMatchObject({ status: 'unchanged' });
  });

  it('accepts a sphere that only XMP describes', async () => {
    const older = await mill.run(
      await makeClip(clip(saying({ track: [xmp(256, 128)] }), 'older.mp4')),
      small,
      settings,
    );
    expect(older.outcome).toMatchObject({ status: 'done' });
    expect((await readFile(older.path('1440p.mp4'))).includes(xmp(64, 32))).toBe(true);
    expect(await toldByFfprobe(older.path('1440p.mp4'))).toMatchObject({ 'Spherical Mapping': {} });
  });

  it.each([
    { what: 'a cubemap', picture: [cubemap], says: 'by cubemap, and only equirectangular' },
    {
      what: 'one that XMP calls by another name',
      track: [xmp(256, 128, 'equi-angular cubemap')],
      says: 'by equi-angular cubemap',
    },
    { what: 'no sphere at all', says: 'does not say that it is a sphere' },
    { what: 'two eyes that are no sphere', picture: [st3d(2)], says: 'does not say that it is a sphere' },
    { what: 'what ffprobe cannot read for it', picture: [nonsense], says: 'probing the file' },
  ])('refuses $what with its name', async ({ says, ...said }) => {
    const { outcome } = await mill.run(await makeClip(clip(saying(said), 'other.mp4')), small, settings);
    expect(outcome).toMatchObject({ code: 'bad-input', reason: expect.stringContaining(says) });
  });

  it('has metadata that preserve keeps, too', async () => {
    const kept = await mill.run(source, 'preserve', { preset: 'ultrafast', evenIfLarger: true });
    expect(await toldByFfprobe(kept.path('preserve.mp4'))).toMatchObject(await toldByFfprobe(source));
    expect((await entriesByMp4box(kept.path('preserve.mp4')))[1]?.get('SA3D')).toEqual(sa3d);
  });

  it('has metadata that the ladder keeps in its rungs, which still play by their fragments', async () => {
    const rung = { ...ladder, renditions: ladder.renditions.slice(3) };
    const made = await mill.run(source, rung, { preset: 'ultrafast' });
    expect(made.outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect(await toldByFfprobe(made.path('sd.mp4'))).toMatchObject(await toldByFfprobe(source));
    expect((await entriesByMp4box(made.path('sd.mp4')))[0]?.get('sv3d')).toEqual(sv3d());
  });
});

describe('a sphere in Matroska', () => {
  const { 'Spherical Mapping': mapping, 'Stereo 3D': eyes } = {
    'Spherical Mapping': { projection: 'equirectangular', yaw: 30, pitch: 0, roll: 0 },
    'Stereo 3D': { type: 'top and bottom' },
  };
  let mill: TestMill;
  let mkv: string;
  beforeAll(async () => {
    mill = await testMill();
    const mp4 = await makeClip(clip(saying({ picture: [st3d(1), sv3d()] }), 'said.mp4'));
    mkv = join(mill.folder, 'sphere.mkv');
    await run('ffmpeg', ['-v', 'error', '-i', mp4, '-c', 'copy', mkv]); // its muxer writes the Projection
  });

  it('is one for mkvmerge, another reader', async () => {
    expect(await trackOf(mkv)).toMatchObject({ projection_type: 1, projection_pose_yaw: 30, stereo_mode: 3 });
  });

  it.each(['mp4', 'mkv'])('comes out of preserve as one in %s', async (container) => {
    const settings = { preset: 'ultrafast', evenIfLarger: true, container };
    const { outcome, path, manifest } = await mill.run(mkv, 'preserve', settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect(await toldByFfprobe(path(`preserve.${container}`))).toMatchObject({
      'Spherical Mapping': mapping,
      'Stereo 3D': eyes,
    });
    const [made] = (await manifest()).renditions;
    expect(made?.checks).toContainEqual(
      expect.objectContaining({ name: 'spherical metadata as planned', passed: true }),
    );
    if (container === 'mkv') {
      const said = { projection_type: 1, projection_pose_yaw: 30, stereo_mode: 3 };
      expect(await trackOf(path('preserve.mkv'))).toMatchObject(said);
    }
  });

  it('is taken by the recipe sphere', async () => {
    const one = { ...small, renditions: small.renditions.slice(2) };
    const { outcome, path } = await mill.run(mkv, one, settings);
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    expect(await toldByFfprobe(path('1440p.mp4'))).toMatchObject({ 'Spherical Mapping': mapping, 'Stereo 3D': eyes });
  });
});

describe('a sphere that is not equirectangular', () => {
  const ROUND = 'testsrc2=size=256x128:rate=25:duration=0.4,gblur=2';
  const one = { ...small, renditions: small.renditions.slice(0, 1) };
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });
  const inLayout = (file: string, output: string) =>
    makeClip({
      file,
      args: [
        ...['-f', 'lavfi', '-i', ROUND, '-vf', `v360=input=e:output=${output}`],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-pix_fmt', 'yuv420p'],
      ],
    });

  it.each([
    { projection: 'eac', output: 'eac:w=192:h=128' },
    { projection: 'cubemap', output: 'c3x2:w=192:h=128' },
    { projection: 'dfisheye:195', output: 'dfisheye:w=256:h=128:h_fov=195:v_fov=195' },
  ])('comes out as the round picture it was, and says so: $projection', async ({ projection, output }) => {
    const source = await inLayout(`${projection.slice(0, 4)}.mp4`, output);
    const { outcome, path, manifest } = await mill.run(source, one, { ...settings, projection });
    expect(outcome).toEqual(expect.objectContaining({ status: 'done' }));
    const made = path('8k.mp4');
    expect((await manifest()).renditions[0]).toMatchObject({ width: 256, height: 128 });
    expect(await toldByFfprobe(made)).toMatchObject({ 'Spherical Mapping': { projection: 'equirectangular' } });
    const compared = ['-i', made, '-f', 'lavfi', '-i', ROUND, '-lavfi', 'psnr', '-f', 'null', '-'];
    const { stderr } = await run('ffmpeg', ['-v', 'info', ...compared]);
    // another layout than the right one leaves some 10 dB
    expect(Number(/PSNR y:([\d.]+)/.exec(stderr)?.[1])).toBeGreaterThan(24);
  });

  it.each([
    { file: 'VID_00_001.mp4.insv', says: 'looks like two fisheye pictures' },
    { file: 'tour_eac.mp4', says: 'projection=eac' },
  ])('is refused with what it is taken for: $file', async ({ file, says }) => {
    const source = await mill.own(await inLayout('eac.mp4', 'eac:w=192:h=128'), file);
    const { outcome } = await mill.run(source, one, settings);
    expect(outcome).toMatchObject({ code: 'bad-input', reason: expect.stringContaining(says) });
  });

  it('is refused where its picture does not have the shape of its layout', async () => {
    const source = await inLayout('eac.mp4', 'eac:w=192:h=128');
    const { outcome } = await mill.run(source, one, { ...settings, projection: 'dfisheye:195' });
    expect(outcome).toMatchObject({ code: 'usage', reason: expect.stringContaining('192x128') });
  });
});

/** What mkvmerge says of a file's picture. */
async function trackOf(path: string): Promise<Record<string, unknown>> {
  const { tracks } = JSON.parse((await run('mkvmerge', ['-J', path])).stdout);
  return tracks.find(({ type }: { type: string }) => type === 'video').properties;
}
