import type { FrameTimes } from '../../core/film/frame-index.ts';
import { bytesBeforePacket, type Probe } from '../../core/film/probe.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { packFilm, plannedFilmKey, unpackFilm } from '../../core/segments/planned-film.ts';
import { cutSource } from '../../core/segments/segments.ts';
import type { MappedFilm } from '../../core/segments/source-parts.ts';
import { stretchesOfFrames } from '../../core/segments/stretches.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import type { JobRequest } from '../job-request.ts';
import type { SourceFacts } from '../source/read-source.ts';
import { isReadInStretches } from './stretch-of-source.ts';
import type { Drafts } from './with-drafts.ts';

/** The facts about a source that drafts are made of, without those that are computed from its index. */
type PlannedFacts = Omit<SourceFacts, 'path' | 'index' | 'cut' | 'places' | 'known' | 'proposal' | 'beside'>;

/** A header with more bytes is too much to be fetched by each task. */
const LARGEST_HEADER = 4 * 2 ** 20;

/** A source as the plan step read it. Its facts have no path. */
export type KnownSource = { readonly version: string; readonly facts: SourceFacts; readonly film: MappedFilm };

/**
 * Writes for the tasks what the plan step has read of the source, if they can make their segments from parts of it: they need
 * not read all of it again. Writes nothing for a source of which only the whole can be read. Returns whether it wrote it.
 */
export async function writePlannedFilm({ drafts, fed, work, file }: Drafts): Promise<boolean> {
  const { source, ports, request, tracking } = work;
  const { path, index, places, cut, known, proposal: _, beside: __, ...facts } = source;
  if (!file || file.version === '' || drafts.length + fed.length === 0 || !places) return false;
  const map = await ports.reader.fileMap({ path, probe: facts.probe, stream: facts.main.index }, tracking.signal);
  if (!map || (map.reading === 'stretches') !== (cut.access === 'feed')) return false;
  const read = { bytes: facts.bytes, index, map, places };
  const film = map.reading === 'stretches' ? known && inStretches(read, known.survey.index, facts.probe) : read;
  if (!film) return false;
  if (fed.length > 0 && !(await isReadInStretches(fed, { version: file.version, film }, work))) return false;
  const sha256 = await ports.reader.hash(path, { signal: tracking.signal, onProgress: () => {} }); // so that the join need not read all of it
  const packed = packFilm<PlannedFacts>({ version: file.version, facts: { ...facts, sha256 }, film });
  await ports.outputs.write(plannedFilmKey(request.id), packed, 'application/octet-stream');
  return true;
}

/** The film with the bytes of each frame in place of those of each packet; undefined where its header does not end. */
function inStretches(film: MappedFilm, packets: FrameTimes, probe: Probe): MappedFilm | undefined {
  const { bytes, index, map, places } = film;
  const headBytes = bytesBeforePacket(probe);
  const starts = places.first.map(({ start }) => start).filter((start) => start >= 0);
  const header = starts.reduce((least, start) => Math.min(least, start - headBytes), bytes);
  if (starts.length === 0 || header > LARGEST_HEADER) return undefined;
  const ofFrames = stretchesOfFrames({ bytes, packets, places, frames: index.count, headBytes });
  return { ...film, map: { ...map, index: [{ start: 0, end: header }] }, places: { ...places, ...ofFrames } };
}

/** Reads what the plan step wrote; undefined if there is nothing that this version of the program understands. */
export async function readPlannedFilm(
  request: JobRequest,
  { outputs }: Pick<Ports, 'outputs'>,
): Promise<KnownSource | undefined> {
  const bytes = await outputs.read(plannedFilmKey(request.id));
  const found = bytes && unpackFilm<PlannedFacts>(bytes);
  if (!found) return undefined;
  const { version, facts, film } = found;
  const { index } = film;
  const { segmentSeconds = { shortest: 10, longest: 60 } } = resolveSettings(request.recipe, request.settings);
  const cut = cutSource(index, segmentSeconds);
  return cut && { version, film, facts: { ...facts, path: '', index, cut } };
}
