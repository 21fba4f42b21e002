import type { Probe, Stream } from '../film/probe.ts';
import { dropped, type StreamDecision } from './stream-plan.ts';
import { sidecarName } from './track-marks.ts';

/** Returns the probe with the streams marked as empty that have no packet. Attachments never have packets. */
export const withEmptyStreams = (
  probe: Probe,
  surveys: readonly { readonly stream: number; readonly packets: number }[],
): Probe => ({
  ...probe,
  streams: probe.streams.map((stream) => {
    const packets = surveys.find((survey) => survey.stream === stream.index)?.packets;
    if (packets !== 0 || stream.type === 'attachment' || stream.unusable?.is === 'encrypted') return stream;
    return { ...stream, unusable: { is: 'empty', why: whyEmpty(stream) } as const };
  }),
});

/** The types of streams that come in sections (ISO/IEC 13818-1 table 2-34, and ANSI/SCTE 35), which have no packets of their own (PES). */
const SECTIONS: Readonly<Record<number, string>> = {
  ...{ 5: 'private tables', 10: 'DSM-CC', 11: 'DSM-CC', 12: 'DSM-CC', 13: 'DSM-CC', 19: 'MPEG-4', 20: 'DSM-CC' },
  ...{ 22: 'metadata', 134: 'SCTE 35' },
};

function whyEmpty({ streamType }: Stream): string {
  if (streamType === undefined) return 'the file holds no packet of it';
  const type = `stream type 0x${streamType.toString(16).toUpperCase().padStart(2, '0')}`;
  const name = SECTIONS[streamType];
  if (name === undefined) return `ffmpeg finds no packet of it (${type})`;
  return `it comes in sections and not in packets (${name}, ${type}), and ffmpeg reads none of them`;
}

/**
 * Decides an unusable stream of an archive; undefined for a usable stream. Its packets go into a sidecar, with their times
 * where Matroska takes the codec. Empty and encrypted streams are dropped; the track of the chapters is empty to ffprobe, which reads the chapters.
 */
export function forUnusable(stream: Stream): StreamDecision | undefined {
  const { type, unusable } = stream;
  if (!unusable) return undefined;
  const chapters = chapterTrack(stream);
  if (chapters) return chapters;
  if (unusable.is === 'empty' || unusable.is === 'encrypted') return dropped(unusable.why);
  const isKnown = unusable.is === 'undecodable';
  const [extension, format] = isKnown ? [type === 'audio' ? 'mka' : 'mkv', 'matroska'] : ['bin', 'data'];
  return {
    fate: 'kept',
    why: `${unusable.why}; its packets${isKnown ? ' are' : ' without their times are'} in the sidecar`,
    codecArgs: undefined,
    sidecar: { name: sidecarName(stream, extension), format },
  };
}

/** Decides the track of the chapters, in renditions that have chapters; undefined for any other stream. */
export function chapterTrack({ unusable, holdsChapters, chaptersUnread }: Stream): StreamDecision | undefined {
  if (!holdsChapters || unusable?.is !== 'empty') return undefined;
  return chaptersUnread
    ? dropped('the chapters of the film are those of another track; these stay in the source')
    : CHAPTERS;
}

/** Decides the track of the chapters in streams, which carry none; undefined for any other stream. */
export function chaptersInFile({ unusable, holdsChapters }: Stream): StreamDecision | undefined {
  if (!holdsChapters || unusable?.is !== 'empty') return undefined;
  return dropped('its texts are the chapters of the film, and streams carry none; they stay in the source');
}

const CHAPTERS: StreamDecision = {
  fate: 'converted',
  why: 'its texts are the chapters of the film, and of the rendition',
  codecArgs: undefined,
  sidecar: undefined,
};

/**
 * Whether a stream only steers a player of its own container, so that nobody misses it: the packets by which a DVD's player finds its
 * way, and the track by which an MP4 has its chapters, which are told as chapters. It has its line among the streams, and no warning.
 */
export const isOfPlayersAlone = ({ codec, holdsChapters, chaptersUnread }: Stream): boolean =>
  codec === 'dvd_nav_packet' || (holdsChapters === true && !chaptersUnread);

/** Drops an unusable stream, in recipes that write no sidecars; undefined for a usable stream. */
export const leftOutUnusable = ({ unusable }: Stream): StreamDecision | undefined =>
  unusable && dropped(`${unusable.why}; it stays in the source`);

/** Returns the sound for recipes that take one: the default sound that decodes, else the first that decodes. */
export function mainSound({ streams }: Pick<Probe, 'streams'>): Stream | undefined {
  const sounds = streams.filter(({ type, unusable }) => type === 'audio' && !unusable);
  return sounds.find(({ dispositions }) => dispositions.includes('default')) ?? sounds[0];
}
