import { withApertures } from '../../core/description/apertures.ts';
import { behindFates, chapterLosses, endFates } from '../../core/description/chapter-losses.ts';
import { displaySizeOf } from '../../core/description/display-size.ts';
import { isFlattened, plainChapters } from '../../core/description/matroska-chapters.ts';
import { masteringFates } from '../../core/description/matroska-light.ts';
import { trackLosses } from '../../core/description/matroska-losses.ts';
import { hiddenEdges } from '../../core/description/matroska-tracks.ts';
import type { MetadataFate, MetadataPlan } from '../../core/description/metadata.ts';
import { isShownOtherwise } from '../../core/description/metadata-told.ts';
import { listOfMovie, movieChapterFates } from '../../core/description/movie-chapters.ts';
import type { WantedHeaders } from '../../core/description/movie-headers.ts';
import { neroChapters, neroFates } from '../../core/description/nero-chapters.ts';
import { isOfWriter } from '../../core/description/old-programs.ts';
import { withShotTags } from '../../core/description/shot-tags.ts';
import { planMetadata, tracksOf } from '../../core/encode/carried-metadata.ts';
import { constantRate } from '../../core/encode/constant-rate.ts';
import { emphasisFates } from '../../core/encode/emphasis-told.ts';
import { disabledTracks } from '../../core/encode/enabled-tracks.ts';
import { tracksBeside, withForcedTexts, withMarksOfTracks } from '../../core/encode/forced-texts.ts';
import { type MatroskaPlan, planMatroska } from '../../core/encode/matroska-plan.ts';
import { type PictureUse, planMarks } from '../../core/encode/picture-marks.ts';
import { planHeaders } from '../../core/encode/plan-headers.ts';
import { roleFates } from '../../core/encode/role-fates.ts';
import { planWebm } from '../../core/encode/webm-plan.ts';
import { isMovie } from '../../core/film/probe.ts';
import { type Container, isInMatroska } from '../../core/settings/delivery.ts';
import { timecodeFates } from '../../core/streams/timecode.ts';
import type { Draft, RenditionWork } from '../encode/work.ts';

/** How a rendition describes the film: the boxes of an MP4 or MOV, or what is written into Matroska. */
type DescriptionPlan = MetadataPlan & {
  readonly matroska: MatroskaPlan | undefined;
  readonly clap: Buffer | undefined;
  /** Boxes of the picture's sample entry that are written as they are. */
  readonly spatial: readonly Buffer[];
  readonly headers: WantedHeaders;
  readonly chapters: string | undefined;
};

/** Decides how the rendition describes the film. Streams tell no place and no person, and what of the film they do not show. */
export async function planDescription(
  draft: Draft,
  work: Pick<RenditionWork, 'ports' | 'tracking'>,
  container: Container,
): Promise<DescriptionPlan> {
  const plan = await descriptionOf(draft, work, container);
  const { rewritten } = draft.source;
  const isOurs = ({ name }: MetadataFate) => rewritten?.namedProgram === false && isOfWriter(name);
  return { ...plan, fates: plan.fates.filter((line) => !isOurs(line)) };
}

async function descriptionOf(
  { source, plans, rendition, spec, said, timecode }: Draft,
  { ports: { reader }, tracking: { signal } }: Pick<RenditionWork, 'ports' | 'tracking'>,
  container: Container,
): Promise<DescriptionPlan> {
  const { path, probe, main } = source;
  const found = await reader.matroska({ path, probe }, signal);
  const marks = await reader.pictureMarks({ path, probe, stream: main.index }, signal);
  const tracks = tracksOf(plans, main.index);
  const headers = planHeaders(await reader.movieHeaders({ path, probe }, signal), { probe, tracks, container });
  const use = useOf(spec, main.video);
  const entry = found?.tracks[main.index];
  const { clap, edges, stereoMode, display, spatial, fates } = planMarks({
    ...{
      marks,
      edges: entry && hiddenEdges(entry),
      display: entry && displaySizeOf(entry),
      video: main.video,
      stream: main.index,
      use: rendition.delivery === 'stream' ? 'streamed' : use,
      container,
    },
  });
  if (rendition.delivery === 'stream')
    return { ...none, fates: [NOT_TOLD, ...[...fates, ...headers.fates].filter(isShownOtherwise)] };
  const told = withShotTags(await reader.metadata({ path, probe }, signal), probe);
  const recoded = { stream: main.index, clap: marks.clap, isWhole: use === 'recoded' };
  const boxes = withApertures(told, probe, recoded);
  const written = planMetadata({ probe, boxes, found, plans, mainStream: main.index, container });
  const { timeFactor } = spec;
  const copiesTags = isInMatroska(container) && found !== undefined;
  const filmSeconds = probe.durationSeconds ?? 0;
  const move = { nanoseconds: -probe.startSeconds * 1e9, factor: timeFactor };
  const chapters = (await reader.movieChapters({ path, probe }, signal)) ?? neroChapters(boxes, probe);
  const list = chapters && listOfMovie(chapters, { factor: timeFactor, filmSeconds });
  const more = [
    ...timecodeFates(said, { written: timecode, container, retimed: timeFactor !== undefined, copiesTags }),
    ...masteringFates(entry, main.index),
    ...roleFates(plans, container),
    ...trackLosses(found ?? { tracks: [] }, usedTracks(plans, main.index, container)),
    ...emphasisFates(plans, container),
    ...headers.fates,
    ...neroFates(boxes, probe),
    ...(chapters ? movieChapterFates(chapters, filmSeconds) : []),
  ];
  if (!isInMatroska(container)) {
    const plain = found?.chapters ? plainChapters(found.chapters, move, { filmSeconds, read: probe.chapters }) : list;
    // a movie's own tracks keep the flags that their headers have
    const flagged = isMovie(probe) ? plans.filter(({ beside }) => beside) : plans;
    const numbers = new Map([...tracksBeside(plans, main.index)].map(([to, { index }]) => [index, to] as const));
    const disabled = disabledTracks(flagged, numbers, found);
    const flattened = found?.chapters && isFlattened(found.chapters) && plain?.includes('[CHAPTER]') ? [FLATTENED] : [];
    const ofChapters = found?.chapters
      ? [
          ...chapterLosses(found.chapters, filmSeconds + probe.startSeconds),
          ...endFates(found.chapters),
          ...behindFates(found.chapters, move, filmSeconds),
        ]
      : [];
    return {
      ...none,
      boxes: withMarksOfTracks(written.boxes, { plans, mainStream: main.index, container }),
      fates: [...written.fates, ...flattened, ...ofChapters, ...fates, ...more, ...disabled.fates],
      clap,
      spatial,
      headers: withForcedTexts(new Map([...headers.wanted, ...disabled.wanted]), {
        plans,
        mainStream: main.index,
        container,
      }),
      chapters: plain,
    };
  }
  const picture = {
    ...spec.size,
    sar: spec.sar,
    use,
    edges: entry ? undefined : edges,
    stereoMode,
    display,
    displayMatrix: main.video.displayMatrix,
    frameRate: constantRate({ times: source.cut.times, tickSeconds: source.tickSeconds, spec }),
  };
  const decide = container === 'webm' ? planWebm : planMatroska;
  const matroska = decide({
    probe,
    boxes,
    found,
    plans,
    mainStream: main.index,
    picture,
    timeFactor,
    ofTracks: headers.tags,
    ofFilm: headers.ofFilm,
  });
  return {
    ...none,
    fates: [...written.fates, ...matroska.fates, ...fates, ...more],
    matroska: matroska.plan,
    chapters: list,
  };
}

const none: DescriptionPlan = {
  ...{ boxes: [], fates: [], matroska: undefined, clap: undefined, spatial: [], chapters: undefined },
  headers: new Map(),
};

/** The one line of a rendition that is streamed, which says of a film what it needs to be played. */
const NOT_TOLD: MetadataFate = {
  place: 'file',
  name: 'title, names, place, camera, cover, chapters and boxes',
  fate: 'dropped',
  why: 'what is streamed tells no place and no person; the source and the other recipes keep them',
};

const FLATTENED: MetadataFate = {
  place: 'movie',
  name: 'chapters',
  fate: 'converted',
  why: 'MP4 has one plain list of chapters: those of the edition that players play, the nested ones among them',
};

/** The tracks that are in the rendition, and which of them are copied into another Matroska. */
const usedTracks = (plans: Draft['plans'], main: number, container: Container) =>
  plans
    .filter(({ codecArgs, inside }) => codecArgs && !inside)
    .map(({ stream: { index }, codecArgs }) => ({
      stream: index,
      isCopied: container === 'mkv' && index !== main && codecArgs?.[0] === 'copy',
    }));

function useOf({ size, filters }: Draft['spec'], video: Draft['spec']['size']): PictureUse {
  if (filters.some((filter) => /^(crop=|transpose|hflip|vflip)/.test(filter))) return 'cut';
  return size.width === video.width && size.height === video.height ? 'recoded' : 'scaled';
}
