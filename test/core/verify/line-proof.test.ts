import { describe, expect, it } from '@jest/globals';
import { newBox } from '../../../core/bytes/boxes.ts';
import { newElement, textElement, uintElement } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import type { MatroskaDescription } from '../../../core/description/matroska.ts';
import { movieInMatroska } from '../../../core/description/movie-in-matroska.ts';
import { writtenTags } from '../../../core/description/written-tags.ts';
import { checksOf } from '../../../core/verify/checks.ts';
import { type FileSays, unprovenLines } from '../../../core/verify/line-proof.ts';
import { box, u32 } from '../../fixtures/craft.ts';
import { SOUND } from '../../fixtures/evidence.ts';
import { keysOf } from '../../fixtures/marked-movie.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';
import { simple, tag } from '../../fixtures/rebuilt-matroska.ts';

const NOTHING: FileSays = {
  ...{ probe: aProbe([]), boxes: [], matroska: undefined, clap: undefined },
  hasNotes: false,
};
const EMPTY: MatroskaDescription = { tracks: [], attachments: [], chapters: undefined, tags: [], info: [], left: [] };
const line = (name: string, place = 'movie') => ({ place, name, fate: 'converted', why: 'written' }) as const;
const udta = (...parts: readonly Buffer[]) =>
  ({ place: 'movie', type: 'udta', bytes: newBox('udta', ...parts) }) as const;
const matroska = (more: Partial<MatroskaDescription>): FileSays => ({ ...NOTHING, matroska: { ...EMPTY, ...more } });

describe('a line that says that something is in the file', () => {
  it.each<[string, FileSays, place?: string]>([
    ['GPMF', { ...NOTHING, boxes: [udta(newBox('GPMF'))] }],
    ['\u00a9nam', matroska({ info: [textElement(MKV.Title, 'x')] })],
    ['name', matroska({ tracks: [newElement(MKV.TrackEntry, textElement(MKV.Name, 'x'))] }), 'track 1'],
    ['tmpo', matroska({ tags: [tag(simple('BPM', '1'))] })],
    ['shelf', matroska({ tags: [tag(simple('SHELF', '1'))] })],
    ['chapters', { ...NOTHING, probe: { ...aProbe([]), chapters: 2 } }],
    ['chapters', matroska({ chapters: newElement(MKV.Chapters) })],
    ['timecode', { ...NOTHING, probe: aProbe([], { tags: { timecode: '01:00:00:00' } }) }],
    [
      'covr',
      matroska({
        attachments: [
          {
            name: 'a',
            mediaType: 'b',
            uid: '1',
            at: { start: 0, end: 1 },
            data: { start: 0, end: 1 },
            isBehind: false,
          },
        ],
      }),
    ],
    [
      'com.apple.quicktime.artwork',
      { ...NOTHING, probe: aProbe([aStream('video', 'mjpeg', { dispositions: ['attached_pic'] })]) },
    ],
    ['clap', { ...NOTHING, clap: Buffer.alloc(8) }],
    ['user data 01', { ...NOTHING, hasNotes: true }],
  ])('is proved by the file: %s', (name, file, place = 'movie') => {
    expect(unprovenLines([line(name, place)], file)).toEqual([]);
    for (const without of [NOTHING, matroska({})])
      expect(unprovenLines([line(name, place)], without)).toEqual([`${name} of ${place}`]);
  });

  it('is not proved by a tag of another thing', () => {
    const show = newElement(
      MKV.Tag,
      newElement(MKV.Targets, uintElement(MKV.TargetTypeValue, 70)),
      simple('TITLE', 'of a series'),
    );
    expect(unprovenLines([line('\u00a9nam')], matroska({ tags: [show] }))).toEqual(['\u00a9nam of movie']);
    expect(unprovenLines([line('name', 'track 1')], matroska({ tags: [show] }))).toEqual(['name of track 1']);
  });

  it.each(['my key', 'B\u00fccher', 'a\0b', 'gro\u00df', '  ', 'x'.repeat(300)])(
    'is proved whatever the name of its key is: %j',
    (name) => {
      const boxes = [udta(keysOf({ [name]: 'value' }))];
      const { film, fates } = movieInMatroska(boxes, new Map());
      expect(fates).toHaveLength(1);
      expect(unprovenLines(fates, matroska({ tags: writtenTags(film) }))).toEqual([]);
    },
  );

  it('is found among a hundred thousand tags', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `TAG${i}`);
    const file = matroska({ tags: [tag(Buffer.concat(names.map((name) => simple(name, 'x'))))] });
    expect(
      unprovenLines(
        [...names, 'no such tag'].map((name) => line(name)),
        file,
      ),
    ).toEqual(['no such tag of movie']);
  });

  it('says of a cover that it is there only where one is attached', () => {
    const list = box('meta', u32(0), box('ilst', box('covr', box('data', u32(13), u32(0), Buffer.alloc(9)))));
    const fateOf = (isThere: boolean) => movieInMatroska([udta(list)], new Map(), [isThere]).fates[0]?.fate;
    expect([fateOf(true), fateOf(false)]).toEqual(['converted', 'dropped']);
  });

  it('is not asked for its proof where it says that the thing is dropped', () => {
    expect(unprovenLines([{ ...line('GPMF'), fate: 'dropped' }], NOTHING)).toEqual([]);
  });

  it('fails the check where its thing is not in the finished file', () => {
    const metadata = { wanted: [], found: [], lines: [line('shelf')] };
    expect(checksOf({ ...SOUND, metadata })).toContainEqual({
      name: 'metadata as planned',
      passed: false,
      detail: 'missing or changed: shelf of movie',
    });
  });
});
