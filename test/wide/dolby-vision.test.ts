import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawSettings } from '../../core/settings/settings.ts';
import {
  captionMessage,
  dolbyConfiguration,
  hdr10plus,
  rpu,
  rpuOfProfile,
  unitsOf,
  withUnits,
} from '../fixtures/picture-notes.ts';
import { ffprobe } from '../support/decoded-frames.ts';
import { milledFile, QUICK, testMill } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings: RawSettings = { ...QUICK, evenIfLarger: 'true' };
const PICTURES = 50;
type Source = { profile: number; compatibility: number; layer?: boolean; recipe?: string };
const TRANSFERS: Readonly<Record<number, string>> = { 1: 'smpte2084', 2: 'bt709', 4: 'arib-std-b67' };

/** Which units a film's pictures have, in the order of showing; ffmpeg takes the file apart. */
async function notesOf(path: string): Promise<readonly string[]> {
  const { packets } = await ffprobe(path, '-select_streams', 'V:0', '-show_packets');
  const raw = `${path}.h265`;
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-c',
    'copy',
    '-bsf:v',
    'hevc_mp4toannexb',
    '-f',
    'hevc',
    raw,
  ]);
  const units: string[][] = [];
  let before: string[] = [];
  for (const { type, bytes } of unitsOf(await readFile(raw))) {
    if (type < 32) {
      units.push(before);
      before = [];
    } else if (type === 62) units.at(-1)?.push(bytes.toString('hex'));
    else if (type === 39 && bytes[4] === 0xb5) before.push(bytes.toString('hex'));
  }
  const times = packets.map(({ pts_time }: { pts_time: string }) => Number(pts_time));
  return times
    .map((time: number, i: number) => [time, units[i]?.join(' ') ?? ''] as const)
    .sort((a: readonly [number, string], b: readonly [number, string]) => a[0] - b[0])
    .map(([, notes]: readonly [number, string]) => notes);
}

describe('what belongs to single pictures of HEVC', () => {
  let folder: string;
  const films = new Map<string, Buffer>();
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  type Units = Parameters<typeof withUnits>[1];
  /** An MP4 with B-frames, its index behind its media. */
  async function plain(colour: string) {
    const known = films.get(colour);
    if (known) return known;
    const path = join(folder, `${colour}.mp4`);
    const primaries = colour === 'bt709' ? 'bt709' : 'bt2020';
    const tags = `colorprim=${primaries}:transfer=${colour}:colormatrix=${primaries === 'bt709' ? 'bt709' : 'bt2020nc'}`;
    await run('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2', '-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-x265-params', `log-level=error:bframes=3:keyint=25:info=0:${tags}`, '-pix_fmt', 'yuv420p10le'],
      ...['-tag:v', 'hvc1', path],
    ]);
    const bytes = await readFile(path);
    films.set(colour, bytes);
    return bytes;
  }
  async function filmOf(name: string, units: Units, { edit = (mp4: Buffer) => mp4, colour = 'smpte2084' } = {}) {
    const path = join(folder, `${name}.mp4`);
    await writeFile(path, edit(withUnits(await plain(colour), units)));
    return path;
  }
  const dolby = (picture: number) => ({ behind: [rpu(Buffer.from([picture, 0, 0, 0, 1, 0, 0, 3, picture, 0xaa]))] });

  it.each([1, 2, 4])('is carried: Dolby Vision 8.%i', async (compatibility) => {
    const colour = TRANSFERS[compatibility] ?? '';
    const source = await filmOf(`dolby-${compatibility}`, dolby, {
      edit: dolbyConfiguration(8, compatibility),
      colour,
    });
    const { path, manifest } = await milledFile(source, settings);
    const made = path('preserve.mp4');
    const notes = await notesOf(made);
    expect(notes).toHaveLength(PICTURES);
    expect(new Set(notes).size).toBe(PICTURES);
    expect(notes).toEqual(await notesOf(source));
    const { streams } = await ffprobe(made, '-select_streams', 'V:0', '-show_streams');
    expect(streams[0].side_data_list).toContainEqual(
      expect.objectContaining({
        dv_profile: 8,
        dv_level: 1,
        rpu_present_flag: 1,
        el_present_flag: 0,
        dv_bl_signal_compatibility_id: compatibility,
      }),
    );
    const { stdout } = await run('mediainfo', [
      '--Output=Video;%HDR_Format%|%HDR_Format_Profile%|%HDR_Format_Settings%',
      made,
    ]);
    expect(stdout).toMatch(/Dolby Vision.*\|dvhe\.08.*\|BL\+RPU/);
    expect(manifest.renditions[0]?.checks).toContainEqual({
      name: 'each picture keeps what belongs to it',
      passed: true,
      detail: 'dolbyVision of 50 pictures: equal by hash',
    });
    expect(manifest.streams[0]?.why).toContain(`Dolby Vision (profile 8.${compatibility})`);
    expect(manifest.warnings.filter((each) => /Dolby/.test(each))).toEqual([]);
  });

  it.each([1, 4])('is carried into Matroska and out of it again: Dolby Vision 8.%i', async (compatibility) => {
    const colour = TRANSFERS[compatibility] ?? '';
    const source = await filmOf(`kept-${compatibility}`, dolby, { edit: dolbyConfiguration(8, compatibility), colour });
    const { path, manifest } = await milledFile(source, { ...settings, container: 'mkv' });
    const made = path('preserve.mkv');
    expect(await notesOf(made)).toEqual(await notesOf(source));
    const { stdout } = await run('mediainfo', ['--Output=Video;%HDR_Format%|%HDR_Format_Profile%', made]);
    expect(stdout).toMatch(/Dolby Vision.*\|dvhe\.08/);
    expect((await run('mkvinfo', [made])).stdout).toMatch(/dvvC/);
    expect(manifest.warnings).toEqual([]);
    expect(manifest.renditions[0]?.checks).toContainEqual({
      name: 'each picture keeps what belongs to it',
      passed: true,
      detail: 'dolbyVision of 50 pictures: equal by hash',
    });
    const back = await milledFile(made, settings);
    expect(await notesOf(back.path('preserve.mp4'))).toEqual(await notesOf(source));
  });

  it.each(['mp4', 'mkv'])('is carried: HDR10+ and closed captions, beside each other, in %s', async (container) => {
    const source = await filmOf('messages', (picture) => ({
      before: [hdr10plus(picture), captionMessage(0x80 + picture, 0x80)],
    }));
    const { path, manifest } = await milledFile(source, { ...settings, container });
    const made = path(`preserve.${container}`);
    const [is, was] = [await notesOf(made), await notesOf(source)];
    expect(is).toEqual(was);
    expect(new Set(is).size).toBe(PICTURES);
    const { frames } = await ffprobe(made, '-select_streams', 'V:0', '-read_intervals', '%+#1', '-show_frames');
    const types = frames[0].side_data_list.map(({ side_data_type }: { side_data_type: string }) => side_data_type);
    expect(types).toEqual(
      expect.arrayContaining([expect.stringMatching(/Closed Captions/), expect.stringMatching(/2094-40/)]),
    );
    expect(manifest.warnings.filter((each) => /HDR10\+|captions/.test(each))).toEqual([]);
  });

  it('is told where pictures have none, or two', async () => {
    const units: Units = (picture) =>
      picture % 10 === 9
        ? {}
        : { behind: [...dolby(picture).behind, ...(picture === 3 ? [rpu(Buffer.from([99]))] : [])] };
    const source = await filmOf('gaps', units, { edit: dolbyConfiguration(8, 1) });
    const { path, manifest } = await milledFile(source, settings);
    expect((await notesOf(path('preserve.mp4'))).filter((each) => each === '')).toHaveLength(5);
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^5 of 50 pictures have none of Dolby Vision/));
    expect(manifest.warnings).toContainEqual(expect.stringMatching(/^1 of 50 pictures has more than one/));
  });

  it.each<[string, Source, RawSettings, RegExp]>([
    [
      'of which the picture is scaled',
      { profile: 8, compatibility: 1, recipe: 'downscale' },
      { ...settings, shortSide: '32' },
      /^Dolby Vision \(profile 8\.1\) is lost: the picture gets another size/,
    ],
    [
      'of two layers',
      { profile: 7, compatibility: 6, layer: true },
      settings,
      /^Dolby Vision \(profile 7\) is lost: its enhancement layer/,
    ],
  ])(
    'that is lost is told before the work: %s',
    async (name, { profile, compatibility, layer = false, recipe = 'preserve' }, set, told) => {
      const source = await filmOf(`lost-${profile}-${recipe}`, dolby, {
        edit: dolbyConfiguration(profile, compatibility, { layer }),
      });
      const { manifest, events } = await milledFile(source, set, recipe);
      expect(manifest.warnings).toContainEqual(expect.stringMatching(told));
      const first = events.findIndex((event) => event.type === 'warning' && told.test(event.message));
      const work = events.findIndex(({ type }) => type === 'segment.done');
      expect([first >= 0 && first < work, name]).toEqual([true, name]);
    },
  );

  it('without a base layer that others understand is refused: profile 5', async () => {
    const source = await filmOf('profile-5', dolby, { edit: dolbyConfiguration(5, 0) });
    const { outcome } = await (await testMill()).run(source, 'preserve', settings);
    expect(outcome).toMatchObject({
      status: 'failed',
      code: 'bad-input',
      reason: expect.stringContaining('profile 5'),
    });
  });

  describe('without a configuration in its container', () => {
    const asStream = async (name: string, profile: 5 | 7 | 8, colour?: string) => {
      const source = await filmOf(
        name,
        (picture) => ({ behind: [rpuOfProfile(profile, picture)] }),
        colour ? { colour } : {},
      );
      const stream = join(folder, `${name}.ts`);
      await run('ffmpeg', ['-v', 'error', '-y', '-i', source, '-c', 'copy', stream]);
      return stream;
    };

    it.each([
      { compatibility: 1, colour: 'smpte2084' },
      { compatibility: 4, colour: 'arib-std-b67' },
    ])('is carried: profile 8.$compatibility, by its RPU and its curve', async ({ compatibility, colour }) => {
      const source = await asStream(`plain-8-${compatibility}`, 8, colour);
      const { path, manifest } = await milledFile(source, settings);
      const made = path('preserve.mp4');
      expect(await notesOf(made)).toEqual(await notesOf(source));
      const { streams } = await ffprobe(made, '-select_streams', 'V:0', '-show_streams');
      expect(streams[0].side_data_list).toContainEqual(
        expect.objectContaining({ dv_profile: 8, dv_level: 1, dv_bl_signal_compatibility_id: compatibility }),
      );
      expect(manifest.warnings).toEqual([]);
    });

    it('is refused: profile 5, whose colours nobody here understands', async () => {
      const { outcome } = await (await testMill()).run(await asStream('plain-5', 5), 'preserve', settings);
      expect(outcome).toMatchObject({ code: 'bad-input', reason: expect.stringContaining('profile 5') });
    });

    it('is told: profile 7', async () => {
      const { manifest } = await milledFile(await asStream('plain-7', 7), settings);
      expect(manifest.warnings).toContainEqual(expect.stringMatching(/^Dolby Vision \(profile 7\) is lost/));
    });
  });
});
