import { withByteSource } from './byte-source.ts';
import { type FragmentDefaults, readFragment } from './fragment-run.ts';
import { sampleDefaults } from './fragment-track.ts';
import { boxesIn, childrenOf, findBox, payloadOf } from './mp4-boxes.ts';

const LARGEST_HEADER = 1 << 20;

/** Returns how long each sample of a track lasts by its fragments, in ticks of the track and in their order; there is none in a file without fragments. */
export const lengthsInFragments = (path: string, track: number, signal: AbortSignal): Promise<readonly number[]> =>
  withByteSource(path, signal, async (source) => {
    const lengths: number[] = [];
    const steps = { add: (ticks: number) => lengths.push(ticks) };
    let defaults: FragmentDefaults = { duration: 0, flags: 0 };
    for await (const box of boxesIn(source, 0, source.size)) {
      if (box.type === 'moov') defaults = await sampleDefaults(source, box, track);
      if (box.type !== 'moof') continue;
      for await (const traf of childrenOf(source, box)) {
        const header = traf.type === 'traf' ? await findBox(source, traf, 'tfhd') : undefined;
        const tfhd = header && (await payloadOf(source, header, LARGEST_HEADER));
        if (!tfhd || tfhd.length < 8 || tfhd.readUInt32BE(4) !== track) continue;
        await readFragment(source, traf, tfhd, { defaults, steps });
      }
    }
    return lengths;
  });
