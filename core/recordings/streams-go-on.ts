import { ServiceError } from '../errors.ts';
import { flvCodec } from '../film/flv-sound.ts';
import { mainVideo, type Probe } from '../film/probe.ts';
import { codecOfEntry, type DescribedPart, soundGoesOn } from '../film/sound-entries.ts';
import { clock } from '../format.ts';
import { type ProgramMap, pictureGoesOn, pidsOfOthers, soundCodecs, soundsReplaced } from './program-maps.ts';
import { inTurnTold } from './sounds-in-turn.ts';

type TransportStream = {
  readonly probe: Probe;
  readonly pids: ReadonlyMap<number, number>;
  readonly damaged: 'accept' | undefined;
};

/**
 * Returns warnings where streams of a transport stream become others midway, by its program maps. Throws `bad-input` where that is
 * so of the picture or of the codec of a sound, unless damage is accepted: the film would end in the middle.
 */
export function streamsGoOn(maps: readonly ProgramMap[], { probe, pids, damaged }: TransportStream): readonly string[] {
  const pid = pids.get(mainVideo(probe)?.index ?? NONE);
  const goesOn = pid === undefined ? undefined : pictureGoesOn(maps, pid);
  const others = pid === undefined ? NO_PIDS : pidsOfOthers(maps, pid);
  const changed = probe.streams.flatMap(({ index, type, unusable }) => {
    const own = pids.get(index) ?? NONE;
    const codecs = type === 'audio' && !unusable && !others.has(own) ? soundCodecs(maps, own) : [];
    return codecs.length > 1
      ? [`the codec of the sound of stream ${index} changes midway: ${codecs.join(', then ')}`]
      : [];
  });
  const parts = [...(goesOn === undefined ? [] : [goesOn]), ...changed];
  if (parts.length > 0 && damaged !== 'accept') {
    throw new ServiceError('bad-input', `${parts.join('; ')}, so that a part of the film would be missing; ${CUT}`, {
      pid,
    });
  }
  const streamOf = (sought: number) => [...pids].find(([, each]) => each === sought)?.[0];
  const sounds = soundsReplaced(maps).flatMap(([before, after]) => {
    const [first, other] = [streamOf(before), streamOf(after)];
    return first === undefined || other === undefined ? [] : [inTurnTold(first, other)];
  });
  const ofOthers =
    goesOn === undefined ? [...pids].filter(([, each]) => others.has(each)).map(([stream]) => stream) : [];
  return [
    ...othersTold(ofOthers),
    ...parts.map((each) => `${each}, and what is published holds only a part of it`),
    ...sounds,
  ];
}

/**
 * Returns the warning where the sound of an FLV has several codecs, by their numbers and when each begins. Throws `bad-input` unless damage is
 * accepted: a demuxer makes another stream of sound in another codec, which a probe does not see, so that the rest of the sound would be missing.
 */
export function flvSoundGoesOn(
  found: readonly { readonly codec: number; readonly seconds: number }[],
  damaged: 'accept' | undefined,
): readonly string[] {
  const named = found.map(({ codec, seconds }) => ({ name: flvCodec(codec), seconds }));
  const codecs = named.filter(({ name }, i) => named.findIndex((each) => each.name === name) === i);
  if (codecs.length < 2) return [];
  const order = codecs.map(({ name, seconds }, i) => (i === 0 ? name : `${name} at ${clock(seconds, 0.1)}`));
  const changes = `the codec of its sound changes midway: ${order.join(', then ')}`;
  if (damaged === 'accept') return [`${changes}, and what is published holds only a part of it`];
  throw new ServiceError('bad-input', `${changes}, so that a part of it would be missing; ${CUT}`);
}

/**
 * Returns the warnings where sounds of an MP4 or MOV become others midway by their sample entries, by their streams. Throws `bad-input` unless
 * damage is accepted: ffmpeg passes over a part of such a sound, or decodes noise of it.
 */
export function movieSoundGoesOn(
  found: ReadonlyMap<number, readonly DescribedPart[]>,
  damaged: 'accept' | undefined,
): readonly string[] {
  const changed = [...found].flatMap(([stream, described]) => {
    const parts = soundGoesOn(described);
    if (!parts) return [];
    const [first, ...others] = parts.map(({ entry, fromSeconds }) => ({
      name: codecOfEntry(entry),
      at: clock(Math.max(0, fromSeconds), 0.1),
    }));
    const order = [first?.name, ...others.slice(0, MOST_NAMED).map(({ name, at }) => `${name} at ${at}`)];
    const more = others.length > MOST_NAMED ? `, and ${others.length - MOST_NAMED} more` : '';
    return [`the description of the sound of stream ${stream} changes midway: ${order.join(', then ')}${more}`];
  });
  if (changed.length > 0 && damaged !== 'accept')
    throw new ServiceError('bad-input', `${changed.join('; ')}, so that a part of it would be missing; ${CUT}`);
  return changed.map((each) => `${each}, and what is published holds only a part of it`);
}

const MOST_NAMED = 5;
const CUT = 'cut the file there and drop each part, or use damaged=accept to publish the first';
const NONE = -1;
const NO_PIDS: ReadonlySet<number> = new Set();

const othersTold = (streams: readonly number[]) =>
  streams.length === 0
    ? []
    : [
        `the file holds several programs: ${streams.length === 1 ? 'stream' : 'streams'} ${streams.join(', ')} belong${streams.length === 1 ? 's' : ''} to another one than the picture, though what is made may have sound of it`,
      ];
