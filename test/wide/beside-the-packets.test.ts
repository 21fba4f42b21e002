import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { childElements, dataOf, idOf, newElement, textElement, uintElement } from '../../core/bytes/ebml.ts';
import { MKV } from '../../core/bytes/matroska-ids.ts';
import { linesOf, milledFile, QUICK } from '../support/mill.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const settings = { ...QUICK, evenIfLarger: 'true' };
const LISTS: ReadonlySet<number> = new Set([MKV.SeekHead, MKV.Void, MKV.CRC32, MKV.Cues]);
/** A message of ITU-T T.35 of a provider that is not HDR10+'s. */
const T35 = Buffer.from('b50031474139340340ff', 'hex');
/** A part of HDR10+. ffmpeg 7 reads it, and refuses the packet that it lies beside; ffmpeg 5.1 does not look at it. */
const CUT_SHORT = Buffer.from('b5003c00010401', 'hex');
const [BLOCK_ADD_ID, REFERENCE_BLOCK] = [0xee, 0xfb];

/** A block with an addition of T.35, whose id is 4. What refers to no other block is a keyframe. */
const withAddition = (simple: Buffer, message: Buffer): Buffer => {
  const isKey = ((dataOf(simple)[3] ?? 0) & 0x80) !== 0;
  const reference = isKey ? [] : [newElement(REFERENCE_BLOCK, Buffer.from([0xd8]))]; // 40 ms earlier
  const more = newElement(MKV.BlockMore, uintElement(BLOCK_ADD_ID, 4), newElement(MKV.BlockAdditional, message));
  return newElement(
    MKV.BlockGroup,
    newElement(MKV.Block, dataOf(simple)),
    newElement(MKV.BlockAdditions, more),
    ...reference,
  );
};

const ADDED = [
  newElement(MKV.BlockAdditionMapping, uintElement(0x41f0, 4), uintElement(MKV.BlockAddIDType, 4)),
  textElement(MKV.CodecName, 'A codec'),
  uintElement(MKV.TrackOverlay, 2),
];

/** An element that does not say how long it is. */
function openElement(id: number, ...parts: readonly Buffer[]): Buffer {
  const head = newElement(id);
  return Buffer.concat([head.subarray(0, 4), Buffer.from('01ffffffffffffff', 'hex'), ...parts]);
}

/** A film with this message beside each packet of its picture. With `isOpen`, beside those of a second cluster alone, whose size is not said. */
async function filmWith(message: Buffer, said = ADDED, isOpen?: boolean): Promise<string> {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
  const codecs = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'aac'];
  await run('ffmpeg', ['-v', 'error', ...inputs, ...codecs, at('plain.mkv')]);
  const [head, segment] = childElements(newElement(0xaa, await readFile(at('plain.mkv'))));
  if (!head || !segment) throw new Error('ffmpeg wrote no Matroska');
  const parts = childElements(segment).filter((part) => !LISTS.has(idOf(part)));
  const edited = parts.map((part) => {
    if (idOf(part) === MKV.Info) return newElement(MKV.Info, dataOf(part), textElement(MKV.SegmentFilename, 'a.mkv'));
    if (idOf(part) === MKV.Tracks)
      return newElement(
        MKV.Tracks,
        ...childElements(part)
          .filter((entry) => idOf(entry) === MKV.TrackEntry)
          .map((entry) => newElement(MKV.TrackEntry, dataOf(entry), ...said)),
      );
    if (idOf(part) !== MKV.Cluster) return part;
    const isOfPicture = (field: Buffer) => idOf(field) === MKV.SimpleBlock && dataOf(field)[0] === 0x81;
    const blocks = childElements(part).map((field) => (isOfPicture(field) ? withAddition(field, message) : field));
    if (isOpen === undefined) return newElement(MKV.Cluster, ...blocks);
    const [time, ...packets] = childElements(part);
    const cluster = isOpen ? openElement : newElement;
    const later = blocks.slice(5);
    return Buffer.concat([
      cluster(MKV.Cluster, ...(time ? [time] : []), ...packets.slice(0, 4)),
      cluster(MKV.Cluster, ...(time ? [time] : []), ...later),
    ]);
  });
  const film = at('film.mkv');
  await writeFile(film, Buffer.concat([head, newElement(MKV.Segment, ...edited)]));
  return film;
}

describe('additions to the packets of Matroska, and what it says of tracks that nobody reads', () => {
  it('are named where the track says nothing of them', async () => {
    const made = await milledFile(await filmWith(T35, []), { ...settings, container: 'mkv' });
    expect(linesOf(made)).toContainEqual(
      expect.stringMatching(/^track 0 \| block additions \(of no kind.* \| dropped/),
    );
    expect(linesOf(made).filter((line) => line.includes('block additions'))).toHaveLength(1);
  });

  it.each([{ isOpen: false }, { isOpen: true }])(
    'are named where only packets behind the first cluster have them, with clusters of unknown size or not: $isOpen',
    async ({ isOpen }) => {
      const made = await milledFile(await filmWith(T35, [], isOpen), settings);
      expect(linesOf(made)).toContainEqual(expect.stringMatching(/^track 0 \| block additions \(of no kind/));
    },
  );

  it('are named', async () => {
    const film = await filmWith(T35);
    const made = await milledFile(film, { ...settings, container: 'mkv' });
    expect(linesOf(made)).toEqual(
      expect.arrayContaining([
        'track 0 | block additions (ITU-T T.35, as HDR10+) | dropped | it lies beside the packets of its track, and ffmpeg carries none of it; it stays in the source',
        'track 0 | CodecName | dropped | it names the codec of the packets of the source',
        expect.stringMatching(/^track 0 \| TrackOverlay \| dropped/),
        'file | SegmentFilename | dropped | it is the name that the source had when it was written',
      ]),
    );
    const { stdout } = await run('mkvinfo', ['-v', made.path('preserve.mkv')]);
    expect(stdout.match(/A codec/g)).toHaveLength(1); // that of the sound, which is copied
    expect(linesOf(made)).not.toContainEqual(expect.stringMatching(/^track 1 \| CodecName/));
    const inMp4 = await milledFile(film, settings);
    expect(linesOf(inMp4)).toContainEqual(expect.stringMatching(/^track 1 \| CodecName \| dropped/));
  });

  it('fail no film that only the ffmpeg by which quality is measured cannot read', async () => {
    const { outcome } = await milledFile(await filmWith(CUT_SHORT), settings);
    expect(outcome).toMatchObject({ status: 'done' });
  });
});
