import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { planNotes } from '../../core/encode/plan-notes.ts';
import { beforeEachPicture, beforeSlices } from '../fixtures/captions.ts';
import { u8 } from '../fixtures/craft.ts';
import { unitsOf } from '../fixtures/picture-notes.ts';
import { aStream, aVideo } from '../fixtures/probes.ts';
import { aSpec } from '../fixtures/specs.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const PICTURES = 20;
/** Each picture says another of these, so that one that comes to another picture is seen. */
const FORMATS = [8, 9, 10, 11, 13];
const DTG1 = [0x44, 0x54, 0x47, 0x31];
const formatOf = (picture: number) => FORMATS[picture % FORMATS.length] ?? 0;

/** The active format that ffprobe reads of each picture, in the order of showing; undefined for one that says nothing. */
async function formatsIn(path: string): Promise<readonly (number | undefined)[]> {
  const { frames } = await ffprobe(path, '-select_streams', 'V:0', '-show_frames');
  type SideData = { readonly side_data_type: string; readonly active_format?: number };
  return frames.map(
    ({ side_data_list = [] }: { side_data_list?: readonly SideData[] }) =>
      side_data_list.find(({ side_data_type }) => side_data_type === 'Active format description')?.active_format,
  );
}

/** Returns the active format of each picture of a result in HEVC. It is read here, since ffprobe before version 6 reads only that of H.264 and MPEG-2. */
async function formatsInHevc(path: string): Promise<readonly (number | undefined)[]> {
  const raw = `${path}.h265`;
  const copied = ['-map', '0:v:0', '-c', 'copy', '-bsf:v', 'hevc_mp4toannexb', '-f', 'hevc', raw];
  await run('ffmpeg', ['-v', 'error', '-y', '-i', path, ...copied]);
  const head = Buffer.from([39 << 1, 1, 4, 9, 0xb5, 0, 0x31, ...DTG1, 0x41]);
  const said: (number | undefined)[] = [];
  let before: number | undefined;
  for (const { type, bytes } of unitsOf(await readFile(raw))) {
    if (bytes.subarray(0, head.length).equals(head)) before = (bytes[head.length] ?? 0) & 15;
    if (type >= 32) continue;
    said.push(before);
    before = undefined;
  }
  const { packets } = await ffprobe(path, '-select_streams', 'V:0', '-show_packets');
  const times: readonly number[] = packets.map(({ pts }: { pts: number }) => pts);
  return [...times.entries()].sort(([, a], [, b]) => a - b).map(([i]) => said[i]);
}

describe('the active format description of pictures (AFD)', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await temporaryFolder();
    const picture = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.8'];
    const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', 'slices=1'];
    await run('ffmpeg', [...picture, ...h264, at('plain.h264')]);
    await run('ffmpeg', [...picture, '-c:v', 'mpeg2video', '-bf', '2', '-g', '10', at('plain.m2v')]);
    const sei = (n: number) => u8(0, 0, 0, 1, 6, 4, 9, 0xb5, 0, 0x31, ...DTG1, 0x41, 0xf0 | formatOf(n), 0x80);
    await writeFile(at('said.h264'), beforeEachPicture(await readFile(at('plain.h264')), sei));
    const data = (n: number) => u8(0, 0, 1, 0xb2, ...DTG1, 0x41, 0xf0 | formatOf(n));
    await writeFile(at('said.m2v'), beforeSlices(await readFile(at('plain.m2v')), data));
    await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', at('said.h264'), '-c', 'copy', at('h264.mp4')]);
    const fields = ['-vf', 'fps=50,tinterlace=interleave_top,fieldorder=tff', '-flags', '+ilme+ildct'];
    const source = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=192x128:r=50:d=0.8', ...fields];
    await run('ffmpeg', [...source, '-c:v', 'mpeg2video', '-bf', '2', '-g', '10', '-top', '1', at('fields.m2v')]);
    await run('ffmpeg', [...source, '-c:v', 'libx264', '-x264-params', 'slices=1:tff=1:bframes=0', at('fields.h264')]);
    await writeFile(at('both.m2v'), beforeSlices(await readFile(at('fields.m2v')), data));
    await writeFile(at('both.h264'), beforeEachPicture(await readFile(at('fields.h264')), sei));
    await run('ffmpeg', ['-v', 'error', '-r', '25', '-i', at('both.h264'), '-c', 'copy', at('both.mp4')]);
    await run('ffmpeg', ['-v', 'error', '-i', at('both.mp4'), '-c', 'copy', at('both.ts')]);
  });

  const lineIn = ({ manifest }: Awaited<ReturnType<typeof milledFile>>) =>
    manifest.renditions[0]?.metadata?.filter(({ name }) => name === 'active format description (AFD)');

  it.each([
    ['h264.mp4', 'preserve', 'mp4'],
    ['h264.mp4', 'preserve', 'mkv'],
    ['h264.mp4', 'downscale', 'mp4'],
    ['said.m2v', 'preserve', 'mp4'],
  ])('of %s stays with each picture in %s, container=%s', async (film, recipe, container) => {
    const smaller = recipe === 'downscale' ? { shortSide: '32' } : {};
    const made = await milledFile(at(film), { ...settings, ...smaller, container }, recipe);
    const said = await formatsIn(at(film));
    expect([said.length, new Set(said).size]).toEqual([PICTURES, FORMATS.length]);
    expect(await formatsInHevc(made.path(`${made.manifest.renditions[0]?.name}.${container}`))).toEqual(said);
    expect(lineIn(made)).toEqual([expect.objectContaining({ fate: 'kept', why: 'each picture keeps its own' })]);
  });

  it.each([
    ['both.ts', 'preserve', {}],
    ['both.m2v', 'preserve', { deinterlace: 'bob' }],
    ['both.mp4', 'preserve', { deinterlace: 'bob', container: 'mkv' }],
    ['both.mp4', 'downscale', { deinterlace: 'bob', shortSide: '64' }],
  ] as const)('of %s stays with both pictures of each frame in %s with %j', async (film, recipe, more) => {
    const made = await milledFile(at(film), { ...settings, ...more }, recipe);
    const said = await formatsIn(at(film));
    expect([said.length, new Set(said).size]).toEqual([PICTURES, FORMATS.length]);
    const container = 'container' in more ? more.container : 'mp4';
    const found = await formatsInHevc(made.path(`${made.manifest.renditions[0]?.name}.${container}`));
    expect(found).toEqual(said.flatMap((format) => [format, format]));
    expect(lineIn(made)).toEqual([
      expect.objectContaining({ fate: 'kept', why: 'both pictures of a frame keep that of their frame' }),
    ]);
  });

  it('is named as dropped with codec=av1', async () => {
    const made = await milledFile(at('h264.mp4'), { ...settings, codec: 'av1' });
    const why = 'only HEVC for the archive carries it';
    expect(lineIn(made)).toEqual([expect.objectContaining({ fate: 'dropped', why })]);
  });

  it('does not go into a picture that is turned, cut or padded', () => {
    const main = { ...aStream('video', 'h264'), video: aVideo({ hasActiveFormat: true }) };
    const input = { main, delivery: 'archive', container: 'mp4', takes: 'all' } as const;
    const planOf = (filter: string) => planNotes({ ...input, spec: aSpec({ filters: [filter] }) });
    expect(planOf('scale=48:32').kinds).toEqual(['activeFormat']);
    for (const filter of ['crop=80:64:8:0', 'transpose=1', 'pad=96:80'])
      expect(planOf(filter)).toMatchObject({ kinds: [], formatAgainst: 'the picture gets another crop or place' });
  });
});
