import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Family } from '../../../media/structure/families.ts';
import { judgeStructure } from '../../../media/structure/judge-structure.ts';
import type { ClipName } from '../../fixtures/clips.ts';
import { box, boxes } from '../../fixtures/craft.ts';
import { hugeH264, mkvOfTracks, mp4OfTracks, tsOfStreams } from '../../fixtures/crafted.ts';
import { HARD_NAMES } from '../../fixtures/hard-names.ts';
import { clip, fileOf } from '../../fixtures/make.ts';
import { NOT_VIDEO } from '../../fixtures/not-video.ts';

const { signal } = new AbortController();
const judge = (path: string) => judgeStructure(path, signal);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'structure-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a healthy source', () => {
  it.each<[Family, readonly ClipName[]]>([
    ['mp4', ['cfr', 'indexBehind', 'co64', 'openMdat', 'fragmented', 'fragmentedIndexed', 'p5994', 'vfr', 'lateVideo']],
    [
      'mp4',
      ['openGop', 'longGop', 'hdr10', 'interlacedH264', 'anamorphic', 'rotated', 'timecode', 'pcm', 'prores', 'alpha'],
    ],
    ['mp4', ['yuv444', 'fullRange', 'coverArt', 'oneFrame', 'audioOnly', 'audioWithCover']],
    ['matroska', ['matroska', 'oddVp9', 'manyTracks', 'chapters']],
    ['riff', ['avi', 'packedAvi', 'openDml']],
    ['ts', ['ts', 'lateTs', 'ts204']],
    ['m2ts', ['m2ts']],
    ['ps', ['ps', 'mpeg1', 'interlacedMpeg2']],
    ['ogg', ['ogg']],
    ['flv', ['flv']],
    ['asf', ['asf']],
    ['mxf', ['mxf']],
    ['nut', ['nut']],
    ['ivf', ['ivf']],
    ['dv', ['dv']],
    ['raw-y4m', ['y4m', 'y4mDeep']],
  ])('is sound as %s, without a warning: %j', async (family, names) => {
    for (const name of names) {
      const { fragments: _, ...structure } = await judge(await clip(name));
      expect({ name, ...structure }).toEqual({ name, kind: 'sound', family, warnings: [] });
    }
  });

  it.each<[ClipName, Family, RegExp]>([
    ['liveWebm', 'matroska', /never closed/],
    ['browserWebm', 'matroska', /never closed/],
    ['tunedIn', 'ts', /may be cut|midway/],
    ['h264', 'raw-h264', /bare stream/],
    ['hevc', 'raw-hevc', /bare stream/],
    ['m2v', 'raw-mpeg', /bare stream/],
  ])('is sound with a warning where nothing tells its length: %s', async (name, family, warning) => {
    expect(await judge(await clip(name))).toEqual({
      kind: 'sound',
      family,
      warnings: [expect.stringMatching(warning)],
    });
  });

  it.each(HARD_NAMES)('may be called %j', async (name) => {
    const path = join(folder, name);
    await copyFile(await clip('oneFrame'), path);
    expect(await judge(path)).toMatchObject({ kind: 'sound', family: 'mp4' });
  });

  it("is sound if a real phone recorded it: the demo's clip", async () => {
    const clips = (await readdir('demo/clips')).filter((name) => name.endsWith('.mp4'));
    expect(clips).not.toEqual([]);
    for (const name of clips) {
      expect(await judge(join('demo/clips', name))).toEqual({ kind: 'sound', family: 'mp4', warnings: [] });
    }
  });

  it('may be reached by a link, and its name says nothing of its kind', async () => {
    const link = join(folder, 'link.txt');
    await symlink(await clip('avi'), link);
    expect(await judge(link)).toMatchObject({ family: 'riff' });
  });

  it('may hold boxes that no standard knows, in front of its index too', async () => {
    const bytes = await readFile(await clip('indexBehind'));
    const index = boxes(bytes).find(({ type }) => type === 'moov')?.start ?? 0;
    const camera = box('sefd', Buffer.alloc(50, 1));
    const path = await fileOf(
      'camera.mp4',
      Buffer.concat([bytes.subarray(0, index), camera, bytes.subarray(index), camera]),
    );
    expect(await judge(path)).toEqual({ kind: 'sound', family: 'mp4', warnings: [] });
  });

  it('may be followed by bytes that are no box, chunk or element', async () => {
    for (const name of ['indexBehind', 'avi', 'matroska', 'ogg'] as const) {
      const path = await clip(name);
      const padded = await fileOf(`padded-${name}`, Buffer.concat([await readFile(path), Buffer.alloc(100)]));
      expect(await judge(padded)).toMatchObject({ warnings: [expect.stringMatching(/^100 stray bytes follow/)] });
    }
  });
});

describe('what is no video', () => {
  it.each(NOT_VIDEO)('is refused by name: $called ($file)', async ({ called, file, bytes }) => {
    const path = await fileOf(file, bytes);
    await expect(judge(path)).rejects.toMatchObject({
      code: 'not-video',
      message: expect.stringContaining(`${JSON.stringify(file)} is ${called}`),
    });
  });

  it('is refused if it has a video track without a frame', async () => {
    await expect(judge(await clip('zeroFrames'))).rejects.toMatchObject({ code: 'not-video' });
  });

  it('is shown by a name that cannot drive a terminal', async () => {
    const path = join(folder, 'a\x1b[2J\u009b\nb.mp4');
    await writeFile(path, 'text');
    await expect(judge(path)).rejects.toMatchObject({
      message: '"a\\u001b[2J\\u009b\\nb.mp4" is a text file, not a video; drop the video itself',
    });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['nothing there', 'missing.mp4'],
    ['a folder', ''],
    ['a FIFO, without waiting for a writer', 'fifo.mp4'],
    ['a link that leads nowhere', 'loop.mp4'],
    ['a file taken for a folder', 'file.txt/a.mp4'],
    ['a name with a NUL', 'nul\0.mp4'],
    ['a name too long', `${'n'.repeat(300)}.mp4`],
  ])('is refused as no input: %s', async (_, name) => {
    if (name === 'fifo.mp4') execFileSync('mkfifo', [join(folder, name)]);
    if (name === 'loop.mp4') await symlink('loop.mp4', join(folder, name));
    if (name.startsWith('file.txt')) await writeFile(join(folder, 'file.txt'), '');
    await expect(judge(join(folder, name))).rejects.toMatchObject({ code: 'no-input' });
  });

  it('is refused as no input: a device', async () => {
    await expect(judge('/dev/zero')).rejects.toMatchObject({ code: 'no-input' });
  });

  it('is not read at all after an interruption', async () => {
    const path = await clip('cfr');
    await expect(judgeStructure(path, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('a list of sample descriptions', () => {
  /** A film whose first list says that it has this many. */
  async function stating(count: number): Promise<string> {
    const bytes = await readFile(await clip('cfr'));
    bytes.writeUInt32BE(count, bytes.indexOf('stsd') + 8);
    return fileOf(`stsd-${count}.mp4`, bytes);
  }

  it.each([
    { count: 0, says: /its stsd box at byte \d+ describes no samples/ },
    { count: 2 ** 30, says: /its stsd box at byte \d+ states 1073741824 entries/ },
  ])('is broken with $count', async ({ count, says }) => {
    await expect(judge(await stating(count))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(says),
    });
  });
});

describe('what is too much', () => {
  it.each<[string, () => Promise<string>]>([
    ['60000x60000 in an MP4', () => clip('hugeMp4')],
    ['60000x60000 in a Matroska', () => clip('hugeMkv')],
    ['5,000 tracks in an MP4', () => fileOf('tracks.mp4', mp4OfTracks(5000))],
    ['5,000 tracks in a Matroska', () => fileOf('tracks.mkv', mkvOfTracks(5000))],
    ['5,000 streams in a transport stream', () => fileOf('streams.ts', tsOfStreams(5000))],
  ])('is refused as over the limits: %s', async (_, make) => {
    await expect(judge(await make())).rejects.toMatchObject({ code: 'over-limit' });
  });

  it('is left to the probe where the structure does not tell: a bare stream of 60000x60000', async () => {
    expect(await judge(await fileOf('huge.h264', hugeH264()))).toMatchObject({ family: 'raw-h264' });
  });
});

it('refuses a reference movie, whose pictures lie in another file', async () => {
  await expect(judge(await clip('elsewhere'))).rejects.toMatchObject({ code: 'bad-input' });
});

it('leaves the source and its folder as they were', async () => {
  const path = await clip('cfr');
  const before = await readFile(path);
  await judge(path);
  expect(await readFile(path)).toEqual(before);
  expect(await readdir(dirname(path))).toEqual(['cfr.mp4']);
});

it('refuses a transport stream whose packets come twice each, which ffmpeg takes for more of the stream', async () => {
  const bytes = await readFile(await clip('ts'));
  const twice: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 188) {
    const packet = bytes.subarray(at, at + 188);
    const isOfPicture = (packet.readUInt16BE(1) & 0x1fff) === 0x100 && ((packet[3] ?? 0) & 0x10) > 0;
    twice.push(packet, ...(isOfPicture ? [packet] : []));
  }
  const path = join(folder, 'twice.ts');
  await writeFile(path, Buffer.concat(twice));
  await expect(judge(path)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('once more, which players leave out'),
  });
});

describe('a film of a kind that is not read here', () => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=128x64:r=30:d=0.4'];
  it.each([
    { file: 'a.wtv', codec: 'libx264', called: 'a recording of Windows Media Center (WTV)' },
    { file: 'a.gxf', codec: 'mpeg2video', called: 'a film of a broadcast server (GXF)' },
    { file: 'a.roq', codec: 'roqvideo', called: 'a film of a game (RoQ)' },
    { file: 'a.swf', codec: 'flv1', called: 'a Flash presentation (SWF)' },
  ])('is named, with a way that makes a film of it that is read: $file', async ({ file, codec, called }) => {
    const path = join(folder, file);
    const size = file === 'a.gxf' ? ['-s', '720x576', '-r', '25'] : [];
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...picture,
      ...size,
      '-pix_fmt',
      codec === 'roqvideo' ? 'yuvj444p' : 'yuv420p',
      '-c:v',
      codec,
      path,
    ]);
    const refused = await judge(path).catch((error: Error) => error.message);
    expect(refused).toContain(`is ${called}, which is not read here`);
    const [, way = ''] = /ffmpeg -i SOURCE ((?:\S+ )+)NEW.mkv/.exec(`${refused}`) ?? [];
    const made = join(folder, `${file}.mkv`);
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', path, ...way.trim().split(' '), made]);
    expect(await judge(made)).toMatchObject({ family: 'matroska' });
  });

  it.each(['BIKES and how to mend them', 'CWS', 'FWSX', 'SMK2 is a word'])(
    'is not seen in a text: %s',
    async (text) => {
      const path = join(folder, 'text.mp4');
      await writeFile(path, text);
      await expect(judge(path)).rejects.toMatchObject({
        message: expect.stringContaining('is a text file, not a video'),
      });
    },
  );

  it('may be one whose kind nothing tells', async () => {
    const path = join(folder, 'unknown.mp4');
    await writeFile(path, Buffer.alloc(100, 0x02));
    const message = expect.stringMatching(
      /of no kind known here \(its first bytes are (?:02){8}\); if it is a film, ffmpeg -i SOURCE -c copy/,
    );
    await expect(judge(path)).rejects.toMatchObject({ code: 'not-video', message });
  });
});
