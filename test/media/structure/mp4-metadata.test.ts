import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { carriedMetadata, type MetadataBox } from '../../../core/description/metadata.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { readMetadata } from '../../../media/structure/mp4-metadata.ts';
import { box, text, u32 } from '../../fixtures/craft.ts';
import { aProbe } from '../../fixtures/probes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const OF_A_VENDOR = '00112233445566778899aabbccddeeff';
const OF_A_SPHERE = 'ffcc8263f8554a938814587a02521fdd';
const AMONG_TABLES = '0123456789abcdef0123456789abcdef';
const uuid = (id: string) => box('uuid', Buffer.from(id, 'hex'), text('what it says'));
const TRACKS = new Map([
  [0, 0],
  [1, 1],
]);

describe('the boxes of an MP4 that describe its film', () => {
  let found: readonly MetadataBox[];
  beforeAll(async () => {
    const path = join(await temporaryFolder(), 'film.mov');
    const track = (...more: readonly Buffer[]) => box('trak', box('tkhd', Buffer.alloc(84)), ...more);
    const tables = box('stbl', box('stsd', u32(0), u32(0)), uuid(AMONG_TABLES));
    const media = box('mdia', box('mdhd', Buffer.alloc(24)), box('minf', box('vmhd', Buffer.alloc(12)), tables));
    const tracks = [track(uuid(OF_A_SPHERE)), track(media, uuid(OF_A_VENDOR))];
    const moov = box('moov', box('mvhd', Buffer.alloc(100)), ...tracks);
    const preview = box('pnot', u32(0), Buffer.alloc(8));
    await writeFile(path, Buffer.concat([box('ftyp', text('qt  '), u32(0)), preview, moov]));
    found = await readMetadata({ path, probe: aProbe([]) }, new AbortController().signal);
  });

  it('are not bytes behind the last box, of which a warning tells', async () => {
    const path = join(await temporaryFolder(), 'stray.mp4');
    const moov = box('moov', box('mvhd', Buffer.alloc(100)));
    await writeFile(
      path,
      Buffer.concat([box('ftyp', text('isom'), u32(0)), moov, u32(0x7fffffff), text('AFRA'), u32(7)]),
    );
    expect(await readMetadata({ path, probe: aProbe([]) }, new AbortController().signal)).toEqual([]);
  });

  it("have a vendor's box of a track, which MP4 keeps there and Matroska has no place for", () => {
    const { boxes, fates } = carriedMetadata(found, { tracks: TRACKS, covers: [] });
    expect(boxes).toEqual([{ place: 1, type: 'uuid', bytes: uuid(OF_A_VENDOR) }]);
    expect(fates).toContainEqual(
      expect.objectContaining({ place: 'track 1', name: `uuid ${OF_A_VENDOR}`, fate: 'kept' }),
    );
    expect(movieInMatroska(found, TRACKS).fates).toContainEqual(
      expect.objectContaining({ place: 'track 1', name: `uuid ${OF_A_VENDOR}`, fate: 'dropped' }),
    );
  });

  it('have what lies among the tables of a track, which is told, and no table', () => {
    const line = {
      place: 'track 1',
      name: `uuid ${AMONG_TABLES}`,
      fate: 'dropped',
      why: 'it lies among the tables of its track, which are written anew',
    };
    const { fates } = carriedMetadata(found, { tracks: TRACKS, covers: [] });
    expect(fates.map(({ name }) => name)).toEqual(['pnot', `uuid ${AMONG_TABLES}`, `uuid ${OF_A_VENDOR}`]);
    expect(fates).toContainEqual(line);
    expect(movieInMatroska(found, TRACKS).fates).toContainEqual(line);
  });

  it('have the name of a preview picture, which is left out and told', () => {
    const line = { place: 'file', name: 'pnot', fate: 'dropped', why: 'it names the preview picture of the old file' };
    expect(carriedMetadata(found, { tracks: TRACKS, covers: [] }).fates).toContainEqual(line);
    expect(movieInMatroska(found, TRACKS).fates).toContainEqual(line);
  });

  it('do not have the marks of a sphere, which are carried with its picture', () => {
    expect(found.filter(({ place }) => place === 0)).toEqual([]);
  });
});
