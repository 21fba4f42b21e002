import { presentationTimes } from '../film/frame-index.ts';
import { checkOfStream } from '../job/check-list.ts';
import type { Check } from '../job/manifest.ts';
import { toNumber } from '../units.ts';
import type { Evidence } from './evidence.ts';

/** The rounding of an edit list in ticks of the movie. */
const MOST_SHIFT_SECONDS = 0.001;

/** Returns the checks of tracks that are copied as a whole. One that was left out leaves the others as they are. */
export function carriedTracks({ plans, source, seconds, output: { probe, survey } }: Evidence): readonly Check[] {
  const made = survey.streams.filter((_, i) => probe.streams[i]?.type === 'data');
  const firstPicture = (presentationTimes(survey.index)[0] ?? 0) * toNumber(survey.index.timeBase);
  return plans.flatMap(({ stream, track }) => {
    if (!track) return [];
    const was = source.streams.find((each) => each.stream === stream.index);
    const is = made.find(({ sha256, packets }) => sha256 === was?.sha256 && packets === was.packets);
    const late = (is?.firstSeconds ?? 0) - firstPicture - ((was?.firstSeconds ?? 0) - (seconds.at(0) ?? 0));
    const hasTimes = was?.timesSha256 === is?.timesSha256 && Math.abs(late) <= MOST_SHIFT_SECONDS;
    const detail = is ? `equal by hash, ${hasTimes ? 'each' : 'not'} at its time` : 'no track with the same ones';
    const count = `${stream.codec}: ${was?.packets ?? 0} packets, ${detail}`;
    const passed = is !== undefined && hasTimes;
    return [checkOfStream('data of stream N is copied with its times', stream.index, passed, count)];
  });
}
