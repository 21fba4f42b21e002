import { coverNames } from '../description/cover-names.ts';
import type { MatroskaDescription } from '../description/matroska.ts';
import type { MetadataBox } from '../description/metadata.ts';
import { untypedCovers } from '../description/untyped-covers.ts';
import type { StreamPlan } from '../streams/stream-plan.ts';

/** A file that a rendition in Matroska holds, from a stream of the source. */
export type PlannedAttachment = {
  /** Undefined for a cover that ffmpeg makes no stream of. */
  readonly stream: number | undefined;
  /** Whether ffprobe calls it an attachment; a cover is a picture to it. */
  readonly isFile: boolean;
  readonly name: string;
  readonly mediaType: string;
  readonly uid: string;
  /** What the source calls a cover, where Matroska needs the name of the file to say that it is one. */
  readonly description?: string | undefined;
  /** The place of the whole element in the source; undefined where the source holds the file otherwise, as a cover in MP4. */
  readonly at: { readonly start: number; readonly end: number } | undefined;
  /** The bytes of a cover that is no stream. */
  readonly content?: Buffer | undefined;
};

/** Whether Matroska holds a stream as a file and not as a track. */
export const isAttached = ({ stream, codecArgs, inside }: StreamPlan): boolean =>
  codecArgs !== undefined && !inside && (stream.type === 'attachment' || stream.video?.isAttachedPicture === true);

/** Matroska knows a cover by its name: "cover.jpg", "cover.png" (RFC 9559 5.1.6, Cover Art). */
export function attachmentsOf({
  plans,
  boxes,
  found,
  mainStream,
}: {
  readonly plans: readonly StreamPlan[];
  readonly boxes: readonly MetadataBox[];
  readonly found: MatroskaDescription | undefined;
  readonly mainStream: number;
}): readonly PlannedAttachment[] {
  const attached = plans.filter((plan) => isAttached(plan) && plan.stream.index !== mainStream);
  const covers = plans.filter(({ stream }) => stream.video?.isAttachedPicture).map(({ stream }) => stream.index);
  const names = coverNames(boxes);
  const ofStreams = attached.map(({ stream }, i): PlannedAttachment => {
    const file = found?.attachments[stream.index - found.tracks.length];
    const isFile = stream.type === 'attachment';
    if (file) return { stream: stream.index, isFile, ...file };
    const [extension, mediaType] = EXTENSIONS[stream.codec] ?? ['bin', 'application/octet-stream'];
    const cover = `cover${i === 0 ? '' : `-${i + 1}`}.${extension}`;
    const { filename = cover, mimetype = mediaType } = isFile ? stream.tags : {};
    return {
      stream: stream.index,
      isFile,
      name: filename,
      mediaType: mimetype,
      uid: (i + 1).toString(16),
      ...(!isFile && { description: names[covers.indexOf(stream.index)] }),
      at: undefined,
    };
  });
  const ofBoxes = untypedCovers(boxes).map(({ bytes: content, extension, mediaType }, i): PlannedAttachment => {
    const place = ofStreams.length + i;
    const name = `cover${place === 0 ? '' : `-${place + 1}`}.${extension}`;
    return {
      ...{ stream: undefined, isFile: false, name, mediaType },
      uid: (place + 1).toString(16),
      at: undefined,
      content,
    };
  });
  return [...ofStreams, ...ofBoxes];
}

const EXTENSIONS: Readonly<Record<string, readonly [string, string]>> = {
  mjpeg: ['jpg', 'image/jpeg'],
  png: ['png', 'image/png'],
  bmp: ['bmp', 'image/bmp'],
  gif: ['gif', 'image/gif'],
  webp: ['webp', 'image/webp'],
};
