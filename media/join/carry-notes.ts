import type { JoinPlan } from '../../core/encode/join-plan.ts';
import { ServiceError } from '../../core/errors.ts';
import { configurationBox, withInEntry } from '../../core/film/dolby-vision.ts';
import type { NoteKind } from '../../core/film/picture-notes.ts';
import type { CarriedNotes } from '../../core/ports/file-maker.ts';
import { readPictureNotes } from '../probe/read-picture-notes.ts';
import { weaveNotes } from './weave-notes.ts';

const NONE: CarriedNotes = { carried: [], told: [] };

const NAMES: Readonly<Record<NoteKind, string>> = {
  dolbyVision: "Dolby Vision's metadata",
  hdr10plus: "HDR10+'s metadata",
  captions: 'the closed captions',
  userData: 'the user data of pictures',
  framePacking: 'what pictures say of two eyes in them',
  activeFormat: 'the active format description',
};

const ABSENT: Readonly<Record<NoteKind, string>> = {
  dolbyVision: 'the source says that it is Dolby Vision, and none of its pictures has the metadata',
  hdr10plus: 'none of the pictures has metadata of HDR10+ that can be read',
  captions: 'the closed captions are of a kind that HEVC does not carry: they are in the sidecar alone',
  userData: 'none of the pictures has user data that can be read',
  framePacking: 'no packet of the picture says how two eyes lie in it',
  activeFormat: 'none of the pictures has an active format description that can be read',
};

/** Writes into the joined picture what the plan takes along from each picture of the source. */
export async function carryNotes(
  tools: Parameters<typeof readPictureNotes>[0],
  plan: JoinPlan,
  signal: AbortSignal,
): Promise<CarriedNotes> {
  const { notes, source, mainStream, output } = plan;
  if (!notes) return NONE;
  const { kinds: wanted, codec, index, isTwice, dolbyVision } = notes;
  const task = { path: source, stream: mainStream, codec, index, isTwice, spool: `${output}.notes` };
  const book = await readPictureNotes(tools, task, signal).catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.code !== 'bad-input') throw error;
    return error.message;
  });
  if (typeof book === 'string')
    return { carried: [], told: wanted.map((kind) => `${NAMES[kind]} could not be carried: ${book}`) };
  try {
    const there = book.found.filter(({ kind, pictures }) => wanted.includes(kind) && pictures > 0);
    const kinds = there.map(({ kind }) => kind);
    const isDolby = dolbyVision && kinds.includes('dolbyVision');
    const edit = (moov: Buffer) => (isDolby ? withInEntry(moov, configurationBox(dolbyVision)) : moov);
    const { pictures, notesOf } = book;
    const isWoven = kinds.length > 0 && (await weaveNotes(output, { kinds, pictures, notesOf, edit }, signal));
    const absent = wanted.filter((kind) => !kinds.includes(kind)).map((kind) => ABSENT[kind]);
    if (kinds.length > 0 && !isWoven) {
      const why = `the source's ${pictures} packets are not the rendition's pictures`;
      return { carried: [], told: [...absent, ...kinds.map((kind) => `${NAMES[kind]} could not be carried: ${why}`)] };
    }
    const gaps = there
      .filter((each) => each.pictures < pictures && (each.kind === 'dolbyVision' || each.kind === 'hdr10plus'))
      .map(
        (each) =>
          `${pictures - each.pictures} of ${pictures} pictures have none of ${NAMES[each.kind]}, as in the source`,
      );
    const doubled =
      isDolby && book.doubled > 0
        ? [
            `${book.doubled} of ${pictures} pictures ${book.doubled === 1 ? 'has' : 'have'} more than one RPU of Dolby Vision: the first is kept`,
          ]
        : [];
    const astray = book.astray.filter(({ kind }) => kinds.includes(kind)).map(astrayTold);
    return {
      carried: there,
      told: [...absent, ...gaps, ...doubled, ...astray, ...(isDolby ? borrowedTold(book) : [])],
    };
  } finally {
    await book.close();
  }
}

const astrayTold = ({ kind, packets }: { readonly kind: NoteKind; readonly packets: number }): string =>
  packets === 1
    ? `1 packet of the source gives no picture: its part of ${NAMES[kind]} is lost`
    : `${packets} packets of the source give no picture: their part of ${NAMES[kind]} is lost`;

/** The rendition's pictures lie in another order and begin anew elsewhere, so that the one that is named may be another, or not there yet. */
const borrowedTold = ({
  borrowed,
  pictures,
}: {
  readonly borrowed: number;
  readonly pictures: number;
}): readonly string[] =>
  borrowed === 0
    ? []
    : [
        `Dolby Vision: ${borrowed} of ${pictures} pictures name the metadata of an earlier one, as in the source; a player that begins between them may show them by other metadata up to the next whole one`,
      ];
