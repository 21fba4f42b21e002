import { ServiceError } from '../../core/errors.ts';
import { check } from '../../core/job/check-list.ts';
import { extensionOf } from '../../core/job/film-name.ts';
import { asIsPath } from '../../core/job/result-place.ts';
import { COPIED } from '../../core/renditions/remake.ts';
import { planStreams } from '../../core/streams/streams.ts';
import { BESIDE, besideOnly } from '../../core/subtitles/beside.ts';
import { describeDamage } from '../encode/describe-damage.ts';
import type { Encoded } from '../encode/encode-segments.ts';
import type { Draft, MadeRendition, RenditionWork } from '../encode/work.ts';
import { picturesOfSource } from '../join/take-pictures.ts';

const LARGER = "the encode would be larger than the source: these are the source's own bytes";

/** Returns the source's own bytes as the rendition, by default because the encode would be larger. */
export async function keepOriginal(
  draft: Draft,
  work: RenditionWork,
  { encoded, reused, damage }: Pick<Encoded, 'encoded' | 'reused' | 'damage'>,
  why = LARGER,
): Promise<MadeRendition> {
  const { request, ports, tracking, folder, watch } = work;
  const { rendition, source } = draft;
  const extension = extensionOf(request.source);
  const { signal } = tracking;
  const own = source.original ?? source.path;
  const isOfSource = rendition.parent === 'source';
  const file = isOfSource ? own : `${folder}/original.${extension}`;
  if (!isOfSource) await ports.maker.copyFile(own, file, signal); // a file that is published may be moved away
  const sums = await watch.time('verify', () => ports.reader.fileInfo(file, signal));
  if (sums.sha256 !== source.sha256) throw new ServiceError('busy', 'the source changed while it was being copied');
  const { path, probe, main } = source;
  const sounds = probe.streams.flatMap(({ type, index, codec }) =>
    isOfSource && type === 'audio' ? [{ stream: index, codec }] : [],
  );
  const others = await watch.time('verify', () =>
    ports.reader.soundDamage({ path, probe, stream: main.index }, sounds, signal),
  );
  const frames = source.cut.times.length;
  return {
    file,
    ...(isOfSource && { ofSource: sums }),
    record: {
      name: rendition.name,
      path: asIsPath(request, rendition.name, extension),
      ...sums,
      parent: rendition.parent,
      codec: source.main.codec,
      codecString: (source.original === undefined && source.main.codecString) || source.main.codec,
      width: source.main.video.width,
      height: source.main.video.height,
      frames,
      durationSeconds: source.probe.durationSeconds ?? 0,
      tickSeconds: source.tickSeconds,
      command: [],
      tool: COPIED,
      segments: { total: draft.segments.length, encoded, reused },
      quality: { metric: 'identical', mean: 1, min: 1, sampledFrames: frames },
      checks: [check('the same bytes as the source', true, `sha256 ${sums.sha256}`)],
    },
    plans: [
      ...planStreams(source.probe, { delivery: 'archive', container: 'mkv', title: 'HEVC' }).map((plan) => ({
        ...plan,
        fate: 'kept' as const,
        why,
        codecArgs: undefined,
        sidecar: undefined,
      })),
      ...draft.plans.filter(({ beside }) => beside).map((plan) => besideOnly(plan, BESIDE)),
    ],
    series: [],
    pictures: await picturesOfSource(draft, work),
    picture: source,
    facts: source,
    warnings: [...source.warnings, ...(await describeDamage(draft, { picture: damage, others }, work)), why],
  };
}
