import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../core/job/manifest.ts';
import { box, u32 } from '../fixtures/craft.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { smallLadder } from '../support/small-ladder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };

const fate = ({ renditions: [rendition] }: Manifest, name: string) =>
  rendition?.metadata?.find((line) => line.name === name);

/** Shows the picture of 160x90 without 8 columns at its left, 2 at its right and 10 lines at its top. */
const CLAP = box('clap', ...[150, 1, 80, 1, 3, 1, 5, 1].map(u32));

/** Two eyes side by side. */
const STEREO = box('st3d', u32(0), Buffer.from([2]));

/** Adds boxes to the sample entry of an MP4 whose movie box, the last of the file, has one track. */
function withInEntry(bytes: Buffer, ...added: readonly Buffer[]): Buffer {
  const more = Buffer.concat(added);
  const out = Buffer.from(bytes);
  const entry = out.lastIndexOf('avc1') - 4; // the first is a brand
  const entryEnd = entry + out.readUInt32BE(entry);
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1']) {
    const at = out.lastIndexOf(type, entry + 4) - 4;
    out.writeUInt32BE(out.readUInt32BE(at) + more.length, at);
  }
  return Buffer.concat([out.subarray(0, entryEnd), more, out.subarray(entryEnd)]);
}

describe('the marks of a picture', () => {
  let folder: string;
  let plain: Buffer;
  const film = async (name: string, ...options: readonly string[]) => {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=0.4', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...options, join(folder, name)]);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    plain = await readFile(await film('plain.mp4'));
  });
  const made = async (name: string, ...added: readonly Buffer[]) => {
    await writeFile(join(folder, name), withInEntry(plain, ...added));
    return join(folder, name);
  };

  it('keeps the part that is shown in MP4, and writes it into Matroska and back', async () => {
    const source = await made('part.mp4', CLAP);
    const kept = await milledFile(source, settings);
    expect((await readFile(kept.path('preserve.mp4'))).includes(CLAP)).toBe(true);
    expect(fate(kept.manifest, 'clap')).toMatchObject({ fate: 'kept' });
    const matroska = await milledFile(source, { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvinfo', [matroska.path('preserve.mkv')]);
    for (const line of ['crop left: 8', 'crop right: 2', 'crop top: 10']) expect(stdout).toContain(line);
    const back = await milledFile(matroska.path('preserve.mkv'), settings);
    const again = await readFile(back.path('preserve.mp4'));
    expect(again.includes(box('clap', ...[150, 1, 80, 1, 6, 2, 10, 2].map(u32)))).toBe(true);
    expect(fate(back.manifest, 'PixelCrop')).toMatchObject({ fate: 'converted' });
  });

  it('marks two eyes in one picture, which only the pictures themselves tell, in either container', async () => {
    const source = await film('packed.mp4', '-x264-params', 'frame-packing=3');
    const kept = await milledFile(source, settings);
    expect((await readFile(kept.path('preserve.mp4'))).includes(STEREO)).toBe(true);
    expect(fate(kept.manifest, 'frame packing')).toMatchObject({ fate: 'converted' });
    const matroska = await milledFile(kept.path('preserve.mp4'), { ...settings, container: 'mkv' });
    expect((await run('mkvinfo', [matroska.path('preserve.mkv')])).stdout).toContain('Stereo mode: 1');
    const back = await milledFile(matroska.path('preserve.mkv'), settings);
    expect((await readFile(back.path('preserve.mp4'))).includes(STEREO)).toBe(true);
  });

  it.each([{ recipe: 'vj' }, { recipe: 'mezzanine' }, { recipe: smallLadder }])(
    'tells in each recipe that a second eye is lost',
    async ({ recipe }) => {
      const source = await made('eyes-in-all.mp4', box('vexu', box('eyes')), box('lhvC', Buffer.alloc(8)));
      const { manifest } = await milledFile(source, {}, recipe);
      expect(manifest.warnings).toContainEqual(expect.stringContaining('the second eye'));
      expect(fate(manifest, 'lhvC')).toMatchObject({ fate: 'dropped' });
    },
  );

  it('tells that a second eye is lost, and drops a part that would not fit another size', async () => {
    const source = await made('eyes.mp4', CLAP, box('vexu', box('eyes')), box('lhvC', Buffer.alloc(8)), box('ABCD'));
    const { manifest } = await milledFile(source, { ...settings, shortSide: '48' }, 'downscale');
    expect(manifest.warnings).toContainEqual(expect.stringContaining('the second eye'));
    for (const name of ['vexu', 'lhvC', 'ABCD', 'clap'])
      expect(fate(manifest, name)).toMatchObject({ fate: 'dropped' });
  });

  it('keeps how one picture lies around its viewer, and writes it as each container and a ladder have it', async () => {
    const said = (name: string, word: string) => box(name, u32(0), Buffer.from(word, 'latin1'));
    const vexu = box('vexu', box('proj', said('prji', 'hequ')), box('pack', said('pkin', 'side')));
    const hfov = box('hfov', u32(180_000));
    const source = await made('around.mp4', vexu, hfov);
    const kept = await milledFile(source, settings);
    const bytes = await readFile(kept.path('preserve.mp4'));
    expect([vexu, hfov].map((each) => bytes.includes(each))).toEqual([true, true]);
    expect(bytes.includes('sv3d')).toBe(false);
    expect(['vexu', 'hfov'].map((name) => fate(kept.manifest, name)?.fate)).toEqual(['kept', 'kept']);
    expect(kept.manifest.warnings).toEqual([]);
    const matroska = await milledFile(source, { ...settings, container: 'mkv' });
    const { stdout } = await run('mkvinfo', [matroska.path('preserve.mkv')]);
    expect(stdout).toMatch(/Stereo mode: 1 /);
    expect(stdout).toMatch(/Projection type: 1 /);
    expect(fate(matroska.manifest, 'vexu')).toMatchObject({ fate: 'converted' });
    expect(matroska.manifest.warnings).toEqual([expect.stringContaining('Matroska has no place for hfov')]);
    const ladder = await milledFile(source, { preset: 'ultrafast' }, smallLadder);
    const streamed = await readFile(ladder.path(ladder.manifest.renditions[0]?.path ?? ''));
    expect(streamed.includes(STEREO) && streamed.includes('sv3d')).toBe(true);
    expect(ladder.manifest.warnings).toEqual([]);
  });

  it('says that a ladder shows all of a picture of which a part is shown, and makes its pixels square at once', async () => {
    const pasp = box('pasp', u32(1281), u32(1280));
    const { manifest } = await milledFile(
      await made('nearly-square.mp4', CLAP, pasp),
      { preset: 'ultrafast' },
      smallLadder,
    );
    expect(fate(manifest, 'clap')).toMatchObject({
      fate: 'dropped',
      why: expect.stringContaining('all of the picture'),
    });
    expect(manifest.warnings).toEqual([]);
  });
});
