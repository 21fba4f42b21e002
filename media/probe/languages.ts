import { languagesOf } from '../../core/film/matroska.ts';
import type { Probe } from '../../core/film/probe.ts';
import { readMatroska } from '../structure/matroska-description.ts';
import { languagesOfMp4 } from '../structure/mp4-languages.ts';

/**
 * Returns the probe with the languages of its streams as BCP 47 has them ("pt-BR", "zh-Hant"), where the container says so:
 * ffprobe reads the older fields, which hold three letters.
 */
export async function withLanguages(probe: Probe, path: string, signal: AbortSignal): Promise<Probe> {
  const matroska = await readMatroska({ path, probe }, signal);
  const languages = matroska ? languagesOf(matroska) : await languagesOfMp4({ path, probe }, signal);
  if (languages.size === 0) return probe;
  const streams = probe.streams.map((stream) => {
    const language = languages.get(stream.index);
    return language === undefined ? stream : { ...stream, tags: { ...stream.tags, language } };
  });
  return { ...probe, streams };
}
