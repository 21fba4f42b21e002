import { languagesOf } from '../../core/description/matroska.ts';
import { lightOf } from '../../core/description/matroska-light.ts';
import { withCharacteristics } from '../../core/description/media-characteristics.ts';
import { isForcedText, type TrackHeader } from '../../core/description/movie-headers.ts';
import { withSaidBehind } from '../../core/description/tags-behind.ts';
import { emphasisOf } from '../../core/film/emphasis.ts';
import { hasWebVttBlocks } from '../../core/film/matroska-web-vtt.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import { colourOfTrack, withStatedColour } from '../../core/film/stated-colour.ts';
import { auxiliaryTracks } from '../structure/auxiliary-tracks.ts';
import { readMatroska } from '../structure/matroska-description.ts';
import { coloursOfMp4 } from '../structure/mp4-colours.ts';
import { readHeaders } from '../structure/mp4-headers.ts';
import { languagesOfMp4 } from '../structure/mp4-languages.ts';
import { withHiddenFiles } from './hidden-files.ts';

/**
 * Returns the probe with what the container says and ffprobe does not tell: languages as BCP 47 has them ("pt-BR", "zh-Hant"; ffprobe
 * reads the older fields, which hold three letters), colours that some decoders forget, light levels of Matroska that stand alone, the
 * emphasis of sounds, what the tracks of an MP4 or MOV are for, which of its texts are forced, and which of its pictures are not to be shown.
 */
export async function withContainerWords(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const matroska = await readMatroska({ path, probe }, signal);
  const whole = matroska
    ? await withHiddenFiles(withSaidBehind(probe, matroska), { path, found: matroska }, signal)
    : probe;
  const languages = matroska ? languagesOf(matroska) : await languagesOfMp4({ path, probe }, signal);
  const headers = await readHeaders({ path, probe }, signal);
  const colours = await coloursOfMp4({ path, probe }, signal);
  const auxiliary = await auxiliaryTracks({ path, probe }, signal);
  const streams = whole.streams.map((stream) => {
    if (auxiliary.has(stream.index)) return asData(stream);
    const language = languages.get(stream.index);
    const entry = matroska?.tracks[stream.index];
    const header = headers?.tracks[stream.index];
    const stated = entry ? colourOfTrack(entry) : (colours.get(stream.index) ?? {});
    const named = withCharacteristics(stream, header?.characteristics ?? []);
    const lit = withForced(withEmphasis(withLight(withStatedColour(named, stated), entry), entry), header);
    if (entry && stream.type === 'subtitle' && hasWebVttBlocks(entry))
      return { ...withLanguage(lit, language), codec: 'webvtt', webVttBlocks: true as const };
    return withLanguage(lit, language);
  });
  return { ...whole, streams };
}

/** ffprobe takes a picture that is not to be shown for one of the film's. Its track is copied as it is, as telemetry is. */
const asData = (stream: Stream): Stream => ({ ...stream, type: 'data', video: undefined });

const withLanguage = (stream: Stream, language: string | undefined): Stream =>
  language === undefined ? stream : { ...stream, tags: { ...stream.tags, language } };

/** ffprobe reads the role of a track, and not the flags of its texts, by which Apple's programs mark forced ones. */
const withForced = (stream: Stream, header: TrackHeader | undefined): Stream =>
  header && isForcedText(header) && !stream.dispositions.includes('forced')
    ? { ...stream, dispositions: [...stream.dispositions, 'forced'] }
    : stream;

function withEmphasis(stream: Stream, entry: Buffer | undefined): Stream {
  const emphasis = entry && stream.audio && emphasisOf(entry);
  return stream.audio && emphasis ? { ...stream, audio: { ...stream.audio, emphasis } } : stream;
}

/** Returns a picture with the light levels of its entry in Matroska, of which ffprobe tells only two that come together. */
function withLight(stream: Stream, entry: Buffer | undefined): Stream {
  const contentLight = entry && stream.video && !stream.video.hdr.contentLight ? lightOf(entry) : undefined;
  if (!stream.video || contentLight === undefined) return stream;
  return { ...stream, video: { ...stream.video, hdr: { ...stream.video.hdr, contentLight } } };
}
