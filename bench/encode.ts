import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { segmentArgs } from '../core/encode/encode-args.ts';
import { encodeSpecFor } from '../core/encode/encode-spec-for.ts';
import { manifestSchema } from '../core/job/manifest.ts';
import { preserve } from '../core/recipes/preserve.ts';
import type { Preset } from '../core/settings/presets.ts';
import { minuteOf1080p, PLAIN_1080P } from './clips.ts';
import { costOf } from './cost-of.ts';
import { type Measurement, type ResultRow, ratio } from './measurement.ts';
import { CLI, cacheFolder } from './run.ts';

/** What a whole run may take of the time of the bare encoder, by preset: the faster the encoder, the more the rest counts. */
const GOALS = [
  ['medium', 1.06],
  ['ultrafast', 1.45],
] as const satisfies readonly (readonly [Preset, number])[];

/** Measures a whole run against ffmpeg alone with the same encoder settings. */
export const encode: Measurement = {
  name: 'encode',
  about:
    'A whole run (hash, probe, packet survey, segments, join, full verification) on 60 s of 1080p30 at the default CRF, against one bare ffmpeg that writes one file with the same x265 parameters: CPU time of all processes, which is what is paid for, and the time that passed.',
  async measure(options) {
    const source = await minuteOf1080p(options);
    const folder = await mkdtemp(join(await cacheFolder(), 'encode-'));
    try {
      const rows: ResultRow[] = [];
      for (const [preset, goal] of options.quick ? GOALS.slice(1) : GOALS)
        rows.push(...(await measureAt(preset, goal, { source, folder })));
      return rows;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureAt(
  preset: Preset,
  goal: number,
  { source, folder }: { readonly source: string; readonly folder: string },
): Promise<readonly ResultRow[]> {
  const out = join(folder, `out-${preset}`);
  const bare = await costOf(['ffmpeg', ...bareArgs(source, join(folder, 'bare.nut'), preset)]);
  const run = [process.execPath, CLI, 'run', source, '--recipe', 'preserve', '--layout', 'folders', '--out', out];
  const ours = await costOf([...run, '--set', `preset=${preset}`, '--set', 'evenIfLarger=true']);
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(out, 'preserve', basename(source), 'manifest.json'), 'utf8')),
  );
  const { verify, encode: encoding, hash, probe, index, join: joining, publish } = manifest.timings;
  const parts = { hash, probe, index, encode: encoding, join: joining, verify, publish };
  const times = Object.entries(parts).map(([part, seconds]) => `${part} ${seconds.toFixed(2)} s`);
  const sides = (of: 'cpu' | 'seconds') => `${ours[of].toFixed(1)} s / ${bare[of].toFixed(1)} s`;
  return [
    ratio(`${preset}: total / bare, CPU time`, ours.cpu / bare.cpu, goal, sides('cpu')),
    {
      what: `${preset}: total / bare, time`,
      found: `${(ours.seconds / bare.seconds).toFixed(3)} (${sides('seconds')})`,
    },
    { what: `${preset}: where the time went`, found: times.join(', ') },
    { what: `${preset}: segments`, found: `${manifest.renditions[0]?.segments.total}` },
  ];
}

/** Returns the arguments of a segment that covers the whole file, without the progress pipe. */
function bareArgs(source: string, output: string, preset: Preset): string[] {
  const { spec } = encodeSpecFor({
    rendition: preserve.renditions[0],
    settings: { ...preserve.defaults, preset },
    video: PLAIN_1080P,
    frameRate: { num: 30, den: 1 },
    tools: {},
  });
  const window = { seekSeconds: undefined, skip: 0, lead: 0, frames: undefined };
  const args = segmentArgs({ input: ['-i', source], stream: 0, window, spec });
  const progress = args.indexOf('-progress');
  return [...args.slice(0, progress), ...args.slice(progress + 2, -1), output];
}
