import { emphasisOf } from '../../core/film/emphasis.ts';
import { languagesOf } from '../../core/film/matroska.ts';
import { lightOf } from '../../core/film/matroska-light.ts';
import type { Probe, Stream } from '../../core/film/probe.ts';
import { readMatroska } from '../structure/matroska-description.ts';
import { languagesOfMp4 } from '../structure/mp4-languages.ts';

/**
 * Returns the probe with the languages of its streams as BCP 47 has them ("pt-BR", "zh-Hant"), where the container says so:
 * ffprobe reads the older fields, which hold three letters. Light levels of Matroska that stand alone are read as well, and the emphasis of
 * sounds.
 */
export async function withLanguages(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const matroska = await readMatroska({ path, probe }, signal);
  const languages = matroska ? languagesOf(matroska) : await languagesOfMp4({ path, probe }, signal);
  if (languages.size === 0 && !matroska) return probe;
  const streams = probe.streams.map((stream) => {
    const language = languages.get(stream.index);
    const entry = matroska?.tracks[stream.index];
    const lit = withEmphasis(withLight(stream, entry), entry);
    return language === undefined ? lit : { ...lit, tags: { ...lit.tags, language } };
  });
  return { ...probe, streams };
}

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
