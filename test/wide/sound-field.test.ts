import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeClip } from '../fixtures/make.ts';
import { sa3d, saying, st3d, sv3d } from '../fixtures/spheres.ts';
import { QUICK, type TestMill, testMill } from '../support/mill.ts';

const clip = (file: string, edit: ReturnType<typeof saying>, sound: readonly string[] = ['-c:a', 'aac']) =>
  makeClip({
    file,
    args: [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=1'],
      ...['-f', 'lavfi', '-i', 'aevalsrc=sin(440*t)|sin(550*t)|sin(660*t)|sin(770*t):c=4.0:d=1'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...sound],
    ],
    edit,
  });

const BECOMES_PLAIN = /the sound field of stream 1 becomes plain channels/;

describe('a sound field', () => {
  let mill: TestMill;
  beforeAll(async () => {
    mill = await testMill();
  });
  const short = Buffer.concat([Buffer.from([0, 0, 0, sa3d.length - 1]), sa3d.subarray(4, -1)]);

  it.each([
    { what: 'into Matroska', settings: { container: 'mkv' }, box: sa3d },
    { what: 'into WebM', settings: { container: 'webm', codec: 'av1' }, box: sa3d },
    { what: 'whose box is a byte too short into Matroska', settings: { container: 'mkv' }, box: short },
  ])('beside a flat picture goes $what, and a warning says that the channels stay alone', async ({ settings, box }) => {
    const source = await clip('flat.mp4', saying({ sound: [box] }));
    const { outcome, events, manifest } = await mill.run(source, 'preserve', {
      segmentSeconds: '1',
      evenIfLarger: true,
      ...(settings.container === 'mkv' && QUICK),
      ...settings,
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings).toContainEqual(expect.stringMatching(BECOMES_PLAIN));
    expect((await manifest()).renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ place: 'track 1', name: 'SA3D', fate: 'dropped' }),
    );
  });

  it.each([
    { what: 'AAC', file: 'field.mp4', sound: ['-c:a', 'aac'] },
    { what: 'PCM', file: 'field.mov', sound: ['-c:a', 'pcm_s16le'] },
  ])('of $what stays in a mezzanine, with the marks of a sphere', async ({ file, sound }) => {
    const source = await clip(file, saying({ picture: [st3d(1), sv3d()], sound: [sa3d] }), sound);
    const { outcome, path, manifest } = await mill.run(source, 'mezzanine');
    expect(outcome).toMatchObject({ status: 'done' });
    const bytes = await readFile(path('422.mov'));
    for (const box of [st3d(1), sv3d(), sa3d]) expect(bytes.includes(box)).toBe(true);
    expect((await manifest()).renditions[0]?.checks).toContainEqual(
      expect.objectContaining({ name: 'spherical metadata as planned', passed: true }),
    );
  });

  it('becomes plain channels in a clip for VJs, which keeps the marks of a sphere', async () => {
    const source = await clip('sphere.mp4', saying({ picture: [st3d(1), sv3d()], sound: [sa3d] }));
    const { outcome, path, manifest } = await mill.run(source, 'vj', { codec: 'hap' });
    expect(outcome).toMatchObject({ status: 'done' });
    const bytes = await readFile(path('hap.mov'));
    expect([st3d(1), sv3d(), sa3d].map((box) => bytes.includes(box))).toEqual([true, true, false]);
    expect((await manifest()).renditions[0]?.metadata).toContainEqual(
      expect.objectContaining({ place: 'track 1', name: 'SA3D', fate: 'dropped' }),
    );
  });
});
