import type { Rung } from '../film/film.ts';

/** The names of renditions of which this device says that it loses frames, or does not decode them at all. */
export async function roughRungs(rungs: readonly Rung[]): Promise<readonly string[]> {
  const answers = rungs.map(async ({ name, codecs, width, height, bits }) => {
    const [picture] = codecs?.split(',') ?? [];
    if (picture === undefined || !width || !height || !('mediaCapabilities' in navigator)) return [];
    const video = {
      contentType: `video/mp4; codecs="${picture.trim()}"`,
      width,
      height,
      bitrate: bits || 1,
      framerate: 30,
    };
    const answer = await navigator.mediaCapabilities
      .decodingInfo({ type: 'media-source', video })
      .catch(() => undefined);
    return answer && !(answer.supported && answer.smooth) ? [name] : [];
  });
  return (await Promise.all(answers)).flat();
}
