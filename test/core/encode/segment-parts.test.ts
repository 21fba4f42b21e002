import { describe, expect, it } from '@jest/globals';
import { childOf, idOf, newElement, uintElement, uintIn } from '../../../core/bytes/ebml.ts';
import { MKV } from '../../../core/bytes/matroska-ids.ts';
import { matroskaDifferences } from '../../../core/description/matroska.ts';
import { segmentParts } from '../../../core/encode/segment-parts.ts';

const chaptersAt = (nanoseconds: number) =>
  newElement(
    MKV.Chapters,
    newElement(MKV.EditionEntry, newElement(MKV.ChapterAtom, uintElement(MKV.ChapterTimeStart, nanoseconds))),
  );

const startIn = (chapters: Buffer | undefined) => {
  const edition = chapters && childOf(chapters, MKV.EditionEntry);
  const atom = edition && childOf(edition, MKV.ChapterAtom);
  return uintIn(atom && childOf(atom, MKV.ChapterTimeStart));
};

const PLAN = {
  ...{ tracks: [], chapters: chaptersAt(1e9), tags: [], title: undefined, attachments: [], ends: new Map() },
  ...{ hasTimecode: false, hasReel: false },
};

describe('the chapters of a Matroska file', () => {
  it.each([
    { late: 'in time', firstTicks: 0, start: 1_000_000_000n },
    { late: 'rounded', firstTicks: 1, start: 1_000_000_000n },
    { late: 'late by the delay of AAC', firstTicks: 21, start: 1_021_000_000n },
    { late: 'late by that of AAC of 8 kHz', firstTicks: 128, start: 1_128_000_000n },
  ])('are as late as the picture: $late', ({ firstTicks, start }) => {
    const head = [newElement(MKV.Info), newElement(MKV.Tracks)];
    const counts = new Map([[1, { blocks: 1, bytes: 1, firstTicks, delayTicks: 0 }]]);
    const parts = segmentParts(head, PLAN, { counts, firstSeconds: 0 });
    expect(startIn(parts.find((element) => idOf(element) === MKV.Chapters))).toBe(start);
  });

  it.each([
    { what: 'as late as it', found: 1_021_000_000, lateSeconds: 0.0213, differences: [] },
    { what: 'in time with it', found: 1e9, lateSeconds: 0.0004, differences: [] },
    { what: 'in time, though it is late', found: 1e9, lateSeconds: 0.021, differences: ['chapters'] },
    { what: 'late, though it is in time', found: 1_021_000_000, lateSeconds: 0, differences: ['chapters'] },
    { what: 'later than it', found: 1_060_000_000, lateSeconds: 0.021, differences: ['chapters'] },
  ])('are right beside a picture only if they are $what', ({ found, lateSeconds, differences }) => {
    const empty = { tracks: [], attachments: [], tags: [], info: [], left: [] };
    const description = { ...empty, chapters: chaptersAt(found) };
    expect(matroskaDifferences(PLAN, description, lateSeconds)).toEqual(differences);
  });
});
