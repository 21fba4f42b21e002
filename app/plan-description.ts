import { planMetadata } from '../core/encode/carried-metadata.ts';
import { type MatroskaPlan, planMatroska } from '../core/encode/matroska-plan.ts';
import { type PictureUse, planMarks } from '../core/encode/picture-marks.ts';
import { hiddenEdges } from '../core/film/matroska-tracks.ts';
import type { MetadataPlan } from '../core/film/metadata.ts';
import type { Container } from '../core/settings/delivery.ts';
import type { Draft, RenditionWork } from './work.ts';

/** How a rendition describes the film: the boxes of an MP4 or MOV, or what is written into Matroska. */
type DescriptionPlan = MetadataPlan & {
  readonly matroska: MatroskaPlan | undefined;
  readonly clap: Buffer | undefined;
};

/** Decides how the rendition describes the film. Streams tell no place and no person. */
export async function planDescription(
  { source, plans, rendition, spec }: Draft,
  { ports: { reader }, tracking: { signal } }: Pick<RenditionWork, 'ports' | 'tracking'>,
  container: Container,
): Promise<DescriptionPlan> {
  if (rendition.delivery === 'stream') return { boxes: [], fates: [], matroska: undefined, clap: undefined };
  const { path, probe, main } = source;
  const boxes = await reader.metadata({ path, probe }, signal);
  const found = await reader.matroska({ path, probe }, signal);
  const marks = await reader.pictureMarks({ path, probe, stream: main.index }, signal);
  const use = useOf(spec, main.video);
  const entry = found?.tracks[main.index];
  const { clap, edges, fates } = planMarks({
    ...{ marks, edges: entry && hiddenEdges(entry), video: main.video, stream: main.index, use, container },
  });
  const written = planMetadata({ probe, boxes, found, plans, mainStream: main.index, container });
  if (container !== 'mkv')
    return { boxes: written.boxes, fates: [...written.fates, ...fates], matroska: undefined, clap };
  const picture = { ...spec.size, sar: spec.sar, use, edges: entry ? undefined : edges };
  const { timeFactor } = spec;
  const matroska = planMatroska({ probe, found, plans, mainStream: main.index, picture, timeFactor });
  return {
    boxes: [],
    fates: [...written.fates, ...matroska.fates, ...fates],
    matroska: matroska.plan,
    clap: undefined,
  };
}

function useOf({ size, filters }: Draft['spec'], video: Draft['spec']['size']): PictureUse {
  if (filters.some((filter) => filter.startsWith('crop='))) return 'cut';
  return size.width === video.width && size.height === video.height ? 'recoded' : 'scaled';
}
