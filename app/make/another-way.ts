import type { ServiceError } from '../../core/errors.ts';
import { isTooMuchMissing } from '../../core/film/promised.ts';
import { madeAnotherWay } from '../../core/verify/second-way.ts';
import type { RenditionWork } from '../encode/work.ts';
import { judgeDamage } from '../source/judge-damage.ts';
import { readFrames } from '../source/read-source.ts';

/** A failure of a rendition, whose details say what of it failed. */
type Failed = Pick<ServiceError, 'message' | 'details'>;

/**
 * Returns the work by which a failed part of a rendition is made another way: the first of four that helps and was not tried. Undefined where
 * there is none.
 */
export const byAnotherWay = async (failed: Failed, work: RenditionWork): Promise<RenditionWork | undefined> =>
  bySoundDecodedFirst(failed, work) ??
  (await byDecodedFrames(failed, work)) ??
  withoutUnsteady(failed, work) ??
  byOtherStreams(failed, work);

/** Decodes the sounds that came out at wrong times into files, before they are encoded. */
function bySoundDecodedFirst({ message, details }: Failed, work: RenditionWork): RenditionWork | undefined {
  const outOfPlace = numbersIn(details.outOfPlace);
  if (outOfPlace.size === 0 || work.decodedFirst) return undefined;
  const way = `its sound is decoded first: stream ${[...outOfPlace].join(', ')}`;
  return warned({ ...work, decodedFirst: outOfPlace }, madeAnotherWay(way, message));
}

/** Takes the frames that the source decodes to, where they differ from its packets or from what another decode made of damage. */
async function byDecodedFrames({ message, details }: Failed, work: RenditionWork): Promise<RenditionWork | undefined> {
  const { path, main, index, warnings, known, probe: readProbe } = work.source;
  const isUnsteady = details.failed !== undefined && !readProbe.byOneThread;
  if (details.recut !== true || (index.from !== 'packets' && !isUnsteady)) return undefined;
  const probe = isUnsteady ? { ...readProbe, byOneThread: true as const } : readProbe;
  const context = { ...work.tracking, watch: work.watch, settings: work.settings };
  const { byOneThread, ...frames } = await readFrames({ path, probe, stream: main.index }, work.ports, context);
  const about = { probe, main, settings: work.settings };
  const [before, now] = known ? [judgeDamage(known, about), judgeDamage(known, about, frames.index)] : [[], []];
  const others = warnings.filter((each) => !before.includes(each));
  const told =
    details.failed === undefined
      ? `the packets do not tell the frames (${message}); every frame it decodes to is kept`
      : madeAnotherWay('by the frames that it decodes to', message);
  const byItsTimes = { ...main, video: { ...main.video, evenRate: undefined } };
  return {
    ...work,
    source: {
      ...work.source,
      probe: byOneThread ? { ...probe, byOneThread } : probe,
      main: byItsTimes,
      ...frames,
      warnings: [...others, told, ...now],
    },
  };
}

/**
 * Leaves the damaged frames out of the comparison where they are few, as missing ones may be: what lay in memory is no picture of the
 * source. Undefined where they were left out already, or where not each picture is taken, so that their numbers do not tell which they are.
 */
function withoutUnsteady({ message, details }: Failed, work: RenditionWork): RenditionWork | undefined {
  const { source, settings } = work;
  const { cut } = source;
  if (!Array.isArray(details.damaged) || cut.fields || cut.among) return undefined;
  const unsteady = new Set<number>(details.damaged);
  const lost = { frames: unsteady.size, of: cut.times.length };
  if (lost.frames === 0 || lost.frames >= lost.of || (isTooMuchMissing(lost) && settings.damaged !== 'accept'))
    return undefined;
  const frames = lost.frames === 1 ? 'a damaged frame' : `${lost.frames} damaged frames`;
  return warned({ ...work, unsteady }, madeAnotherWay(`the comparison leaves out ${frames}`, message));
}

/** Converts or leaves out the streams beside the picture that cannot be copied. */
function byOtherStreams({ message, details }: Failed, work: RenditionWork): RenditionWork | undefined {
  const before = work.otherWay ?? new Set<number>();
  const further = [...numbersIn(details.otherWay)].filter((stream) => !before.has(stream));
  if (further.length === 0) return undefined;
  const told = madeAnotherWay(`what goes with the picture: stream ${further.join(', ')}`, message);
  return warned({ ...work, otherWay: new Set([...before, ...further]) }, told);
}

const numbersIn = (detail: unknown): ReadonlySet<number> =>
  detail instanceof Set ? new Set<number>(detail) : new Set();

const warned = (work: RenditionWork, warning: string): RenditionWork => ({
  ...work,
  source: { ...work.source, warnings: [...work.source.warnings, warning] },
});
