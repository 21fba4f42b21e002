import { describe, expect, it } from '@jest/globals';
import {
  childElements,
  childOf,
  idOf,
  newElement,
  textElement,
  textIn,
  uintElement,
} from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import type { MatroskaDescription } from '../../../core/description/matroska.ts';
import { planWebm } from '../../../core/encode/webm-plan.ts';
import { aProbe, aStream } from '../../fixtures/probes.ts';
import { simple, tag } from '../../fixtures/rebuilt-matroska.ts';

const track = (...fields: readonly Buffer[]) => newElement(MKV.TrackEntry, uintElement(MKV.TrackUID, 9), ...fields);

/** The plan and the lines for a film in Matroska with one track. */
function planned(given: Partial<MatroskaDescription>, stream = aStream('video', 'h264', { index: 0 })) {
  const { plan, fates } = planWebm({
    probe: aProbe([stream], { format: 'matroska,webm' }),
    boxes: [],
    found: { tracks: [track()], attachments: [], chapters: undefined, tags: [], info: [], left: [], ...given },
    plans: [{ stream, fate: 'converted', why: '', codecArgs: ['copy'], sidecar: undefined }],
    mainStream: 0,
    picture: { width: 160, height: 90, sar: { num: 1, den: 1 }, use: 'recoded', edges: undefined },
    timeFactor: undefined,
  });
  const of = (id: number) => plan.tracks[0]?.fields.find((field) => idOf(field) === id);
  return { plan, of, lines: fates.map(({ place, name, fate, why }) => `${place}, ${name}: ${fate}: ${why}`) };
}

const atom = (uid: number, ...parts: readonly Buffer[]) =>
  newElement(MKV.ChapterAtom, uintElement(MKV.ChapterUID, uid), uintElement(MKV.ChapterTimeStart, 0), ...parts);
const titled = (text: string) =>
  newElement(MKV.ChapterDisplay, textElement(MKV.ChapString, text), textElement(0x437d, 'en-GB'));
const aimedAt = (id: number) => newElement(MKV.Tag, newElement(MKV.Targets, uintElement(id, 3)), simple('PLACE', 'x'));

describe('what WebM says of a film in Matroska', () => {
  it.each([
    {
      tagged: 'pt-BR',
      becomes: 'por',
      told: ['track 0, language: converted: WebM states languages in three letters: pt-BR becomes por'],
    },
    { tagged: 'de', becomes: 'ger', told: [] },
  ])(
    'states the language $tagged as $becomes, not as the English that nothing would mean',
    ({ tagged, becomes, told }) => {
      const { of, lines } = planned({ tracks: [track(textElement(MKV.LanguageBCP47, tagged))] });
      expect(textIn(of(MKV.Language))).toBe(becomes);
      expect(of(MKV.LanguageBCP47)).toBeUndefined();
      expect(lines).toEqual(told);
    },
  );

  it.each([
    {
      flag: MKV.FlagCommentary,
      value: 1,
      told: ['track 0, commentary: dropped: WebM has no place for it; container=mkv keeps it'],
    },
    {
      flag: MKV.FlagHearingImpaired,
      value: 1,
      told: ['track 0, for the hard of hearing: dropped: WebM has no place for it; container=mkv keeps it'],
    },
    { flag: MKV.FlagOriginal, value: 0, told: [] },
    { flag: MKV.FlagForced, value: 1, told: [], isKept: true },
  ])(
    'keeps no flag that WebM does not have, and tells those that were set: $flag = $value',
    ({ flag, value, told, isKept = false }) => {
      const { of, lines } = planned({ tracks: [track(uintElement(flag, value))] });
      expect(of(flag) !== undefined).toBe(isKept);
      expect(lines).toEqual(told);
    },
  );

  it.each([
    { mode: 1, isKept: true },
    { mode: 9, isKept: false },
  ])('states two eyes as far as WebM has a mode for them: $mode', ({ mode, isKept }) => {
    const video = newElement(MKV.Video, uintElement(MKV.StereoMode, mode));
    const { plan } = planned({ tracks: [track(video)] });
    expect(plan.tracks[0]?.video.some((field) => idOf(field) === MKV.StereoMode)).toBe(isKept);
  });

  it('has the chapters of the edition that players play, nested ones too, without hidden ones and without other names for languages', () => {
    const played = newElement(
      MKV.EditionEntry,
      uintElement(MKV.EditionFlagDefault, 1),
      atom(1, titled('One'), atom(2, titled('In it'))),
      atom(3, titled('Hidden'), uintElement(MKV.ChapterFlagHidden, 1)),
    );
    const chapters = newElement(MKV.Chapters, newElement(MKV.EditionEntry, atom(4, titled('Other'))), played);
    const { plan, lines } = planned({ chapters });
    const [edition, ...more] = childElements(plan.chapters ?? Buffer.alloc(0));
    expect(more).toEqual([]);
    const [one, ...others] = childElements(edition ?? Buffer.alloc(0));
    expect(others).toEqual([]);
    const name = (each: Buffer | undefined) =>
      textIn(
        childOf(
          each && childOf(each, MKV.ChapterDisplay) ? (childOf(each, MKV.ChapterDisplay) ?? each) : Buffer.alloc(0),
          MKV.ChapString,
        ),
      );
    expect([name(one), name(one && childOf(one, MKV.ChapterAtom))]).toEqual(['One', 'In it']);
    expect(childOf(one ? (childOf(one, MKV.ChapterDisplay) ?? one) : Buffer.alloc(0), 0x437d)).toBeUndefined();
    expect(lines.filter((line) => line.includes('editions:'))).toEqual([
      'movie, editions: dropped: WebM has one edition of chapters: the one that players play is kept; container=mkv keeps all',
    ]);
  });

  it.each([MKV.TagChapterUID, MKV.TagEditionUID, MKV.TagAttachmentUID])(
    'has tags of the film and of tracks, and none that aim elsewhere: %p',
    (id) => {
      const { plan, lines } = planned({ tags: [tag(simple('ARTIST', 'me')), aimedAt(id)] });
      expect(plan.tags).toHaveLength(1);
      expect(lines).toEqual([
        'movie, ARTIST: kept: copied with its target',
        'movie, PLACE: dropped: WebM has no place for it; container=mkv keeps it',
      ]);
    },
  );

  it('names no loss of descriptions as text, of which the codec of the text tells', () => {
    const described = [track(uintElement(MKV.FlagTextDescriptions, 1))];
    expect(planned({ tracks: described }, aStream('subtitle', 'webvtt', { index: 0 })).lines).toEqual([]);
    expect(planned({ tracks: described }).lines).toHaveLength(1);
  });
});
