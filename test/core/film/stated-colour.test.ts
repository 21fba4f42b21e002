import { describe, expect, it } from '@jest/globals';
import { newBox } from '../../../core/bytes/boxes.ts';
import { newElement, uintElement } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import type { Colour } from '../../../core/film/probe.ts';
import { PICTURE_ENTRY } from '../../../core/film/shown-part.ts';
import {
  colourOfEntry,
  colourOfTrack,
  containerColours,
  contradictionTold,
  meaninglessTold,
  withStatedColour,
} from '../../../core/film/stated-colour.ts';
import { aStream, aVideo } from '../../fixtures/probes.ts';

const PQ = { primaries: 'bt2020', transfer: 'smpte2084', matrix: 'bt2020nc' };
const UNKNOWN: Colour = {
  ...{ primaries: undefined, transfer: undefined, matrix: undefined, range: undefined, chromaLocation: undefined },
};

const inTwoBytes = (...numbers: readonly number[]) => Buffer.from(numbers.flatMap((each) => [each >> 8, each & 255]));
const stsd = (...colr: readonly Buffer[]) =>
  newBox(
    'stsd',
    Buffer.alloc(8),
    newBox('hvc1', Buffer.alloc(PICTURE_ENTRY), ...colr.map((each) => newBox('colr', each))),
  );
const track = (...colour: readonly Buffer[]) =>
  newElement(MKV.TrackEntry, newElement(MKV.Video, newElement(0x55b0, ...colour)));
const stream = (colour: Partial<Colour>) =>
  aStream('video', 'hevc', { video: aVideo({ pixelFormat: 'yuv420p10le', colour: { ...UNKNOWN, ...colour } }) });

describe('the colours that a container states', () => {
  it.each([
    { what: 'nclx', box: [Buffer.from('nclx'), inTwoBytes(9, 16, 9), Buffer.from([0x80])], is: { ...PQ, range: 'pc' } },
    { what: 'nclc of QuickTime', box: [Buffer.from('nclc'), inTwoBytes(9, 16, 9)], is: PQ },
    {
      what: 'codes without a name',
      box: [Buffer.from('nclx'), inTwoBytes(2, 3, 99), Buffer.from([0])],
      is: { range: 'tv', meaningless: ['transfer', 'matrix'] },
    },
    { what: 'a profile', box: [Buffer.from('prof'), Buffer.alloc(200)], is: {} },
    { what: 'a box cut short', box: [Buffer.from('nclx'), inTwoBytes(9)], is: {} },
  ])('are read from $what', ({ box, is }) => {
    expect(colourOfEntry(stsd(Buffer.concat(box)))).toEqual(is);
  });

  it('are none where there is no box', () => {
    expect([colourOfEntry(stsd()), colourOfEntry(Buffer.alloc(4)), colourOfTrack(newElement(MKV.TrackEntry))]).toEqual([
      {},
      {},
      {},
    ]);
  });

  it('are read from Matroska, in which what is not said is not known', () => {
    expect(
      colourOfTrack(
        track(uintElement(0x55bb, 9), uintElement(0x55ba, 16), uintElement(0x55b1, 9), uintElement(0x55b9, 1)),
      ),
    ).toEqual({ ...PQ, range: 'tv' });
    expect(colourOfTrack(track(uintElement(0x55b1, 1)))).toEqual({ matrix: 'bt709' });
  });

  it('count where the stream says nothing', () => {
    expect(withStatedColour(stream({ range: 'tv' }), PQ).video?.colour).toEqual({ ...UNKNOWN, ...PQ, range: 'tv' });
    const { video } = withStatedColour(stream({}), PQ);
    expect(video && containerColours(video)).toEqual([
      'setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc',
    ]);
    const both = withStatedColour(stream(PQ), PQ).video;
    expect(both && containerColours(both)).toEqual([]);
    expect(withStatedColour(stream({}), { matrix: 'gbr' }).video?.colour).toEqual(UNKNOWN); // its picture is no RGB
  });

  it('are told where the stream says otherwise, and not where it says it by another name', () => {
    const sdr = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' };
    const { video } = withStatedColour(stream(sdr), PQ);
    expect(video?.colour).toMatchObject(sdr);
    expect(video && contradictionTold(video)).toBe(
      "the container says that the colours are bt2020/PQ/bt2020nc, and the pictures themselves that they are bt709: the pictures' word is taken, as players do",
    );
    const tv = { primaries: 'bt470bg', transfer: 'smpte170m', matrix: 'smpte170m' };
    const alike = withStatedColour(stream(tv), { primaries: 'smpte170m', transfer: 'bt709', matrix: 'bt470bg' });
    expect(alike.video && contradictionTold(alike.video)).toBe(false);
  });

  it('are told where the stream has another range', () => {
    const sdr = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' };
    const { video } = withStatedColour(stream({ ...sdr, range: 'tv' }), { ...sdr, range: 'pc' });
    expect(video?.colour.range).toBe('tv');
    expect(video && contradictionTold(video)).toBe(
      "the container says that the colours are bt709, of the full range, and the pictures themselves that they are bt709, of the limited range: the pictures' word is taken, as players do",
    );
    const unsaid = withStatedColour(stream({ range: 'tv' }), { range: 'pc' }).video;
    expect(unsaid && contradictionTold(unsaid)).toContain('the colours are of the full range, and');
    const alike = withStatedColour(stream({ range: 'pc' }), { range: 'pc' }).video;
    expect(alike && contradictionTold(alike)).toBe(false);
  });
});

describe('a code without a meaning', () => {
  const nonsense = colourOfTrack(
    track(uintElement(0x55bb, 99), uintElement(0x55ba, 1), uintElement(0x55b1, 4_294_967_297)),
  );

  it('in a container is told, and taken from the pictures to which a decoder gives it', () => {
    const { video } = withStatedColour(stream({ transfer: 'bt709' }), nonsense);
    expect(video?.colour).toEqual({ ...UNKNOWN, transfer: 'bt709' });
    expect(video && containerColours(video)).toEqual(['setparams=color_primaries=unknown:colorspace=unknown']);
    expect(video && meaninglessTold(video)).toBe(
      'a code that means nothing for this picture stands where its colours are told (primaries, matrix; ITU-T H.273): it counts as not said',
    );
  });

  it('in a container counts for nothing where the pictures say what they are', () => {
    const { video } = withStatedColour(stream({ primaries: 'bt709', transfer: 'bt709', matrix: 'bt709' }), nonsense);
    expect(video && [meaninglessTold(video), containerColours(video)]).toEqual([false, []]);
  });

  it('in the pictures counts for nothing where the container says what they are', () => {
    const said = stream({ transfer: 'bt709' });
    const marked = { ...said, video: said.video && { ...said.video, colourMeaningless: ['primaries' as const] } };
    const { video } = withStatedColour(marked, { primaries: 'bt2020' });
    expect(video && [meaninglessTold(video), containerColours(video)]).toEqual([
      false,
      ['setparams=color_primaries=bt2020:color_trc=bt709'],
    ]);
  });
});
