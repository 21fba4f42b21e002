import { boxesOf } from '../bytes/boxes.ts';
import type { TrackText } from '../bytes/text-movie.ts';
import { webVttTime } from './web-vtt-time.ts';

type SampledCue = {
  readonly from: number;
  to: number;
  readonly key: string;
  readonly lines: (times: string) => string;
};

/**
 * Returns the WebVTT file that was laid into a track of an MP4 (ISO/IEC 14496-30 7). Each sample has the cues of its time, so that a cue
 * in several samples, one behind the other, is one cue of all their time. `description` is the sample description, whose header begins the file.
 */
export function webVttOfMp4(description: Buffer, samples: readonly TrackText[]): string {
  const cues: SampledCue[] = [];
  let open: readonly SampledCue[] = [];
  for (const { from, to, bytes } of samples) {
    const found = cuesIn(bytes).map(({ key, lines }) => {
      const before = open.find((cue) => cue.key === key && Math.abs(cue.to - from) < SAME_SECONDS);
      if (!before) return { from, to, key, lines };
      before.to = to;
      return before;
    });
    cues.push(...found.filter((cue) => !open.includes(cue)));
    open = found;
  }
  const texts = cues.map(({ from, to, lines }) => lines(`${webVttTime(from)} --> ${webVttTime(to)}`));
  return `${[headerIn(description), ...texts].join('\n\n')}\n`;
}

/** Times are told to a thousandth. */
const SAME_SECONDS = 0.001;

function cuesIn(sample: Buffer): readonly Pick<SampledCue, 'key' | 'lines'>[] {
  return boxesOf(sample, 0, sample.length).flatMap(({ type, body, start, end }) => {
    if (type === 'vtta') return [{ key: '', lines: () => sample.toString('utf8', body, end).trimEnd() }];
    if (type !== 'vttc') return [];
    const parts = boxesOf(sample, body, end);
    const textIn = (name: string) => {
      const part = parts.find((each) => each.type === name);
      return part ? sample.toString('utf8', part.body, part.end).trim() : '';
    };
    const [name, settings, words] = [textIn('iden'), textIn('sttg'), textIn('payl')];
    const lines = (times: string) =>
      [...(name === '' ? [] : [name]), settings === '' ? times : `${times} ${settings}`, words].join('\n').trimEnd();
    return [{ key: sample.toString('latin1', start, end), lines }];
  });
}

/** The header of the file, which is in a box of its own behind what every sample entry has. */
function headerIn(description: Buffer): string {
  const [entry] = boxesOf(description, 0, description.length);
  const header = entry && boxesOf(description, entry.body + ENTRY_BYTES, entry.end).find(({ type }) => type === 'vttC');
  const text = header ? description.toString('utf8', header.body, header.end).replaceAll('\0', '').trim() : '';
  return text.startsWith('WEBVTT') ? text : 'WEBVTT';
}

/** Six reserved bytes and the number of the data reference (ISO/IEC 14496-12 8.5.2). */
const ENTRY_BYTES = 8;
