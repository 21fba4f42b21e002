import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { ladder } from '../../core/recipes/ladder.ts';
import { makeClip } from '../fixtures/make.ts';
import { testMill } from '../support/mill.ts';

const run = promisify(execFile);

/** One rung in HEVC, one in H.264. */
const two = {
  ...ladder,
  renditions: [
    { ...ladder.renditions[0], fit: { shortSide: 180 } },
    { ...ladder.renditions[3], fit: { halfPerimeter: 400 } },
  ],
};

const HDR10 =
  ':hdr10=1:repeat-headers=1:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
const bars = (file: string, transfer: string, more = '') => ({
  file,
  args: [
    ...['-f', 'lavfi', '-i', 'smptehdbars=s=320x180:r=25:d=1', '-pix_fmt', 'yuv420p10le', '-c:v', 'libx265'],
    ...['-preset', 'ultrafast', '-tag:v', 'hvc1', '-color_range', 'tv', '-color_primaries', 'bt2020'],
    ...['-color_trc', transfer, '-colorspace', 'bt2020nc', '-x265-params'],
    `log-level=none:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited${more}`,
  ],
});

/** By mediainfo. */
async function pictureOf(path: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await run('mediainfo', ['--Output=JSON', path]);
  const tracks: readonly Readonly<Record<string, string>>[] = JSON.parse(stdout).media.track;
  return tracks.find((track) => track['@type'] === 'Video') ?? {};
}

/** The colour that the sample entry states (`colr`), as mp4box.js reads it. */
async function statedColour(path: string): Promise<unknown> {
  const file = createFile();
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(await readFile(path)).buffer, 0));
  file.flush();
  const [track] = file.getInfo().tracks;
  const entry = file.getTrackById(track?.id ?? 0)?.mdia.minf.stbl.stsd.entries[0] as unknown as Readonly<
    Record<string, { readonly colour_primaries: number; readonly transfer_characteristics: number } | undefined>
  >;
  const { colr } = entry;
  return colr && [colr.colour_primaries, colr.transfer_characteristics];
}

describe.each([
  { of: 'HDR10', clip: bars('hdr10.mp4', 'smpte2084', HDR10), range: 'PQ', transfer: 16, said: 'PQ' },
  { of: 'HLG', clip: bars('hlg.mp4', 'arib-std-b67'), range: 'HLG', transfer: 18, said: 'HLG' },
])('a ladder of $of', ({ of, clip, range, transfer, said }) => {
  it('keeps it in HEVC, has it tone-mapped in H.264, and says so in the files and in both manifests', async () => {
    const { outcome, manifest, path } = await (await testMill()).run(await makeClip(clip), two, {
      preset: 'ultrafast',
    });
    expect(outcome).toMatchObject({ status: 'done' });
    const { renditions, playlistChecks = [] } = await manifest();
    expect(renditions.map(({ codec, videoRange }) => [codec, videoRange])).toEqual([
      ['hevc', range],
      ['h264', 'SDR'],
    ]);
    expect(
      [...renditions, { checks: playlistChecks }].flatMap(({ checks }) => checks.filter((each) => !each.passed)),
    ).toEqual([]);

    const [hevc, h264] = [await pictureOf(path('4k.mp4')), await pictureOf(path('sd.mp4'))];
    expect(hevc).toMatchObject({ BitDepth: '10', colour_primaries: 'BT.2020', transfer_characteristics: said });
    if (of === 'HDR10') expect(hevc).toMatchObject({ HDR_Format_Compatibility: 'HDR10', MaxCLL: '1000 cd/m2' });
    expect(h264).toMatchObject({ BitDepth: '8', colour_primaries: 'BT.709', transfer_characteristics: 'BT.709' });
    expect(await statedColour(path('4k.mp4'))).toEqual([9, transfer]);
    expect(await statedColour(path('sd.mp4'))).toEqual([1, 1]);

    const master = await readFile(path('master.m3u8'), 'utf8');
    expect(
      [...master.matchAll(/STREAM-INF:.*CODECS="(\w{4}).*VIDEO-RANGE=(\w+)/g)].map(([, codec, is]) => `${codec} ${is}`),
    ).toEqual([`hvc1 ${range}`, 'avc1 SDR', `hvc1 ${range}`, 'avc1 SDR']);
    const sets = (await readFile(path('manifest.mpd'), 'utf8')).split('<AdaptationSet ').slice(1);
    expect(
      sets.map((set) => [/codecs="(\w{4})/.exec(set)?.[1], /TransferCharacteristics" value="(\d+)"/.exec(set)?.[1]]),
    ).toEqual([
      ['hvc1', `${transfer}`],
      ['avc1', undefined],
    ]);
  });
});
