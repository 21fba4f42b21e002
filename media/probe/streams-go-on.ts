import { ServiceError } from '../../core/errors.ts';
import { mainVideo, type Probe } from '../../core/film/probe.ts';
import { pictureGoesOn, soundsReplaced } from '../../core/film/program-maps.ts';
import { withByteSource } from '../structure/byte-source.ts';
import type { Family } from '../structure/families.ts';
import { programMaps } from '../structure/ts-programs.ts';

type Sent = {
  readonly path: string;
  readonly family: Family;
  readonly probe: Probe;
  readonly pids: ReadonlyMap<number, number>;
  readonly damaged: 'accept' | undefined;
};

/**
 * Returns warnings where streams of a transport stream become others midway, by its program maps. Throws `bad-input` where that is
 * so of the picture, unless damage is accepted: the film would end in the middle.
 */
export async function streamsGoOn(
  { path, family, probe, pids, damaged }: Sent,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (family !== 'ts' && family !== 'm2ts') return [];
  const maps = await withByteSource(path, signal, programMaps);
  const pid = pids.get(mainVideo(probe)?.index ?? NONE);
  const goesOn = pid === undefined ? undefined : pictureGoesOn(maps, pid);
  if (goesOn !== undefined && damaged !== 'accept') {
    throw new ServiceError(
      'bad-input',
      `${goesOn}, so that a part of the film would be missing; cut the file there and drop each part, or use damaged=accept to publish the first`,
      { pid },
    );
  }
  const streamOf = (sought: number) => [...pids].find(([, each]) => each === sought)?.[0];
  const sounds = soundsReplaced(maps).flatMap(([before, after]) => {
    const [first, other] = [streamOf(before), streamOf(after)];
    return first === undefined || other === undefined
      ? []
      : [
          `its sound goes on in another stream midway: stream ${first} and stream ${other} replace each other, and each is silent where the other sounds`,
        ];
  });
  return [...(goesOn === undefined ? [] : [`${goesOn}, and what is published holds only a part of it`]), ...sounds];
}

const NONE = -1;
