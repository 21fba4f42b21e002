import { ServiceError } from '../../core/errors.ts';
import { fileRecord } from '../../core/file-record.ts';
import type { Check, SoundRecord } from '../../core/job/manifest.ts';
import { type PlayableSound, playableSound } from '../../core/playlists/playable.ts';
import { levelReader, levelsWithin } from '../../core/quality/sound-levels.ts';
import { anotherWay } from '../../core/streams/another-way.ts';
import { decodedKind } from '../../core/streams/one-sound-kind.ts';
import { type SoundFile, soundFate, soundFiles, soundPath } from '../../core/streams/sound-files.ts';
import type { ToldFate } from '../../core/streams/stream-plan.ts';
import { whyUnplaced } from '../../core/streams/unheard-sound.ts';
import { soundChecks } from '../../core/verify/sound-checks.ts';
import { placeSound } from '../../core/verify/sound-placement.ts';
import { headerFirst, indexed } from '../../core/verify/stream-checks.ts';
import { soundWithFilm } from '../../core/verify/track-ends.ts';
import type { JobWork } from '../encode/work.ts';
import { keptOf } from '../join/compare-sounds.ts';
import type { StreamedSource, ToldFates } from '../source/streamed-source.ts';
import type { ExtraFile } from './extra-file.ts';

export type MadeSound = { readonly record: SoundRecord; readonly file: ExtraFile; readonly playable: PlayableSound };

/**
 * Makes the sounds of a streamed film beside the one in its renditions, each in a file of its own. A sound that cannot be made is left
 * out, and its line in the manifest says why.
 */
export async function makeSounds(
  { source, film, leftOut }: StreamedSource,
  work: JobWork,
): Promise<{ readonly sounds: readonly MadeSound[]; readonly fates: ToldFates }> {
  const sounds: MadeSound[] = [];
  const fates = new Map<number, ToldFate>();
  for (const sound of soundFiles(source.probe, film, { surveys: source.streams, leftOut })) {
    const { index } = sound.plan.stream;
    const made = await madeOrProblem(sound, { source, film }, work);
    const before = fates.get(index);
    if (typeof made === 'string') {
      fates.set(index, before ?? { fate: 'dropped', why: `its file was not as it should be: ${made}` });
      continue;
    }
    sounds.push(made);
    fates.set(index, soundFate(sound, before));
  }
  return { sounds, fates };
}

/** Returns the sounds that an earlier run published, with their fragments read again. */
export async function soundsThere(
  records: readonly SoundRecord[],
  { parents, ports, request, tracking }: JobWork,
): Promise<readonly MadeSound[]> {
  const sounds: MadeSound[] = [];
  for (const record of records) {
    const local = await parents.fetch(`${request.outputPrefix}/${record.path}`);
    const map = await ports.reader.soundFragments(local, tracking.signal);
    sounds.push({ record, file: fileRecord(record), playable: playableSound(record, map.sound, map.headerBytes) });
  }
  return sounds;
}

type SoundsOfFilm = Pick<StreamedSource, 'source' | 'film'>;

/** A sound that comes out wrong is made another way, once. A sound that cannot be made does not fail the film. */
async function madeOrProblem(sound: SoundFile, film: SoundsOfFilm, work: JobWork): Promise<MadeSound | string> {
  const first = await attempt(sound, film, work);
  if (typeof first !== 'string' || sound.plan.codecArgs?.[0] !== 'copy') return first;
  return attempt({ ...sound, plan: anotherWay(sound.plan, { delivery: 'stream' }) }, film, work);
}

async function attempt(sound: SoundFile, { source, film }: SoundsOfFilm, work: JobWork): Promise<MadeSound | string> {
  const { ports, tracking, folder, watch, parents } = work;
  const { signal } = tracking;
  const { name, plan, channels, language, isDefault, purpose } = sound;
  const path = soundPath(sound);
  const output = `${folder}/${path}`;
  const { access } = source.probe;
  try {
    const task = { path: source.path, access, offsetSeconds: film.delaySeconds, plan, output };
    await watch.time('join', () => ports.maker.writeSound(task, signal));
    const { map, checks } = await watch.time('verify', () => verified(sound, output, { source, film }, work));
    const wrong = checks.find(({ passed }) => !passed);
    if (wrong) return `${wrong.name}: ${wrong.detail}`;
    const { probe } = await ports.reader.inspect(output, signal);
    const info = await ports.reader.fileInfo(output, signal);
    const record: SoundRecord = {
      ...{ name, path, ...info, stream: plan.stream.index, channels, default: isDefault },
      parentSha256: parents.sha256('source') ?? '',
      ...(language !== undefined && { language }),
      ...(purpose && { purpose }),
      codec: 'aac',
      codecString: probe.streams[0]?.codecString ?? 'mp4a.40.2',
      durationSeconds: map.sound.fragments.at(-1)?.shown.to ?? 0,
      checks: [...checks],
    };
    return {
      record,
      file: { path, file: output, ...info },
      playable: playableSound(record, map.sound, map.headerBytes),
    };
  } catch (error) {
    if (error instanceof ServiceError && (error.code === 'bad-input' || error.code === 'not-exact'))
      return error.message;
    throw error;
  }
}

async function verified(
  { plan }: SoundFile,
  output: string,
  { source, film }: SoundsOfFilm,
  { ports, tracking }: JobWork,
) {
  const { reader, measurer } = ports;
  const { index } = plan.stream;
  const map = await reader.soundFragments(output, tracking.signal);
  const asked = { path: source.path, access: source.probe.access, stream: index, kind: decodedKind(plan) };
  const tasks = [asked, { path: output, access: 'indexed' as const, stream: 0 }];
  const [was, is] = await measurer.readSounds(
    tasks.map((task) => ({ ...task, hash: 'none' })),
    tracking.signal,
  );
  if (!was || !is) throw new Error('two sounds were read');
  // ffmpeg counts the file's times from its first packet, which an encoder's delay puts before the film
  const [startsAt = 0, begins] = [map.sound.fragments[0]?.shown.from, film.from + film.delaySeconds];
  const why = whyUnplaced(source.streams.find(({ stream }) => stream === index));
  const placement = why
    ? ({ kind: 'unknown', why } as const)
    : placeSound(
        levelReader(levelsWithin(was.levels, keptOf(plan)), film.from),
        levelReader(is.levels, begins - startsAt),
        plan.silenceTo ? was.waverSeconds : 0,
      );
  const checks: readonly Check[] = [
    headerFirst(map),
    indexed([map.sound]),
    soundWithFilm(map.sound, film.to + film.delaySeconds),
    ...soundChecks([
      { stream: index, placement, ...(is.overlapSeconds > 0 && { madeOverlapSeconds: is.overlapSeconds }) },
    ]),
  ];
  return { map, checks };
}
