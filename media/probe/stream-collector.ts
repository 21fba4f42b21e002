import { createHash } from 'node:crypto';
import type { Stream } from '../../core/film/probe.ts';
import type { StreamSurvey } from '../../core/ports/film-reader.ts';
import { EARLIEST_SECONDS } from '../../core/streams/early-sound.ts';
import { pcmBytesASecond, SHORTEST_GAP_SECONDS, soundClock } from '../../core/streams/sound-clock.ts';
import { JUMP_SECONDS, type SoundTimes } from '../../core/streams/sound-times.ts';

type StreamPacket = {
  readonly pts?: number | undefined;
  readonly dts?: number | undefined;
  readonly duration?: number | undefined;
  readonly size: number;
  readonly flags: string;
  readonly data_hash: string;
};

/** A text of MP4 without a letter says only that nothing is shown. It does not count, unless the track has no other. */
const EMPTY_TEXT_BYTES = 2;

/** Packets of at most as many bytes show nothing. */
const leastBytesOfText = (codec: string): number => (codec === 'mov_text' ? EMPTY_TEXT_BYTES : 0);

type CollectedStream = Pick<Stream, 'index' | 'type' | 'timeBase' | 'codec' | 'audio'> & {
  readonly isInMovie: boolean;
};

/**
 * Collects the properties of one stream's packets, which are added in file order. Packets that an edit list hides are counted
 * and hashed, since a copy has them, but a stream lasts and sounds as its other packets do.
 */
export function streamCollector(collected: CollectedStream, startSeconds: number) {
  const { index: stream, type, codec, timeBase, isInMovie } = collected;
  const partial = collected.audio?.partialPackets ?? 0;
  const bytesASecond = pcmBytesASecond(collected);
  const samples = soundClock();
  const secondsOf = (ticks: number) => (ticks * timeBase.num) / timeBase.den - startSeconds;
  const all = tally();
  const empty = tally();
  let others: ReturnType<typeof tally> | undefined;
  let end: number | undefined;
  let isEndOpen = false;
  let gaps = 0;
  let longestGap: SoundTimes['longestGap'];
  let beginsAnew = false;
  let sameTimes = 0;
  let timeBefore: number | undefined;
  let [isShown, hiddenPackets] = [false, 0];
  let shifted = 0;
  const texts: number[] = [];
  const times = type === 'data' ? createHash('sha256') : undefined;
  let firstTime: number | undefined;
  const addShown = ({ duration, size }: StreamPacket, time: number | undefined, shift: number) => {
    isShown = true;
    const seconds = time === undefined ? undefined : secondsOf(time) + shift;
    let gap = 0;
    if (seconds !== undefined && bytesASecond) gap = samples.add(seconds, size / bytesASecond);
    else {
      const length = duration === undefined ? undefined : (duration * timeBase.num) / timeBase.den;
      // a packet that does not say how long it is, is taken to be as long as the one behind it
      if (seconds !== undefined && end !== undefined && length !== undefined)
        gap = seconds - end - (isEndOpen ? length : 0);
      isEndOpen = length === undefined;
      if (gap > SHORTEST_GAP_SECONDS) {
        gaps += gap;
        if (gap > (longestGap?.seconds ?? 0)) longestGap = { fromSeconds: end ?? 0, seconds: gap };
      }
    }
    beginsAnew ||= gap - (shift - shifted) < -JUMP_SECONDS;
    shifted = shift;
    if (time !== undefined) end = Math.max(end ?? Number.NEGATIVE_INFINITY, secondsOf(time + (duration ?? 0)) + shift);
  };
  const addText = ({ pts, dts, duration }: StreamPacket, shift: number) => {
    const time = pts ?? dts;
    if (time === undefined) return;
    texts.push(secondsOf(time) + shift, duration ? secondsOf(time + duration) + shift : Number.NaN);
  };
  return {
    /** `shift` is added to its times in seconds, where the clock of the file has jumped. */
    add(packet: StreamPacket, shift = 0) {
      const { pts, dts, data_hash } = packet;
      const time = pts ?? dts;
      const seconds = time === undefined ? undefined : secondsOf(time);
      const isEarly = (seconds !== undefined && seconds < EARLIEST_SECONDS) || all.packets < partial;
      if (isEarly && all.packets === 0) others = tally();
      const count = () => {
        if (others && (!isEarly || others.packets > 0)) others.add(data_hash, seconds);
        all.add(data_hash, seconds);
      };
      if (codec === 'mov_text' && packet.size <= EMPTY_TEXT_BYTES) empty.add(data_hash, seconds);
      else count();
      if (isInMovie && type === 'audio' && time !== undefined && time === timeBefore) sameTimes++;
      // one that does not come later than the one before is passed over for that, and not hidden by an edit list
      const isLater = time === undefined || timeBefore === undefined || time > timeBefore;
      timeBefore = time;
      firstTime ??= time;
      times?.update(`${(time ?? 0) - (firstTime ?? 0)}\n`);
      if (packet.flags.includes('D')) hiddenPackets += isShown && isLater ? 1 : 0;
      else addShown(packet, time, shift);
      if (type === 'subtitle' && !packet.flags.includes('D') && packet.size > leastBytesOfText(codec))
        addText(packet, shift);
    },
    survey(): StreamSurvey {
      const counted = all.packets === 0 ? empty : all;
      const { packets } = counted;
      const { gapSeconds, overlapSeconds } = bytesASecond ? samples.found() : { gapSeconds: gaps, overlapSeconds: 0 };
      const early = others && { packets: packets - others.packets, others: others.found() };
      return {
        stream,
        ...counted.found(),
        endSeconds: end,
        ...(early && { early }),
        ...(gapSeconds > 0 && { gapSeconds }),
        ...(longestGap && { longestGap }),
        ...(overlapSeconds > 0 && { overlapSeconds }),
        ...(beginsAnew && { beginsAnew }),
        ...(sameTimes > 0 && { sameTimes }),
        ...(hiddenPackets > 0 && { hiddenPackets }),
        ...(isEndOpen && { endsOpen: true as const }),
        ...(type === 'subtitle' && { textTimes: texts }),
        ...(times && { timesSha256: times.digest('hex') }),
      };
    },
  };
}

function tally() {
  const hash = createHash('sha256');
  let packets = 0;
  let first: number | undefined;
  return {
    get packets() {
      return packets;
    },
    add(packetHash: string, seconds: number | undefined) {
      packets++;
      hash.update(packetHash);
      first ??= seconds;
    },
    found: () => ({ packets, sha256: hash.digest('hex'), firstSeconds: first }),
  };
}
