import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Measurement, ResultRow } from './measurement.ts';
import { described, framesDecoded, seenIn } from './peer-facts.ts';
import { type PeerInput, peerInputs } from './peer-inputs.ts';
import { CLI, cacheFolder, timedRun } from './run.ts';
import { vmafOf } from './vmaf.ts';
import { machine } from './write-section.ts';

const PAGE = join('bench', 'peers.md');
const [CRF, PRESET] = ['23', 'veryfast'];

type Peer = { readonly name: string; readonly argv: (input: string, folder: string) => readonly string[] };

/** What people type, with the options by which each keeps as much as it can. */
const PEERS: readonly Peer[] = [
  {
    name: 'Reelmill',
    argv: (input, folder) => [
      ...[process.execPath, CLI, 'run', input, '--recipe', 'preserve', '--out', folder, '--layout', 'files'],
      ...['--set', `crf=${CRF}`, '--set', `preset=${PRESET}`, '--set', 'evenIfLarger=true'],
    ],
  },
  {
    name: 'ffmpeg',
    argv: (input, folder) => [
      ...['ffmpeg', '-nostdin', '-y', '-i', input, '-map', '0', '-c:v', 'libx265', '-crf', CRF, '-preset', PRESET],
      ...['-tag:v', 'hvc1', '-c:a', 'copy', '-c:s', 'mov_text', join(folder, 'out.mp4')],
    ],
  },
  {
    name: 'HandBrakeCLI',
    argv: (input, folder) => [
      ...['HandBrakeCLI', '-i', input, '-o', join(folder, 'out.mp4'), '-e', 'x265_10bit', '-q', CRF],
      ...['--encoder-preset', PRESET, '--all-audio', '--aencoder', 'copy', '--audio-fallback', 'av_aac'],
      ...['--all-subtitles', '--markers', '--keep-display-aspect'],
    ],
  },
];

type Found = {
  readonly code: number | null;
  readonly seconds: number;
  readonly bytes: number;
  readonly vmaf: string;
  readonly frames: string;
  readonly streams: string;
  readonly lost: string;
};

/** Compares with other programs on the same ten inputs. The whole table goes to bench/peers.md. */
export const peers: Measurement = {
  name: 'peers',
  about: `Ten inputs, made of two real clips, through \`preserve\`, bare ffmpeg and HandBrakeCLI, all with x265 at CRF ${CRF}, preset ${PRESET}; input by input in [bench/peers.md](../bench/peers.md). Sound is compared by its streams alone, pictures by VMAF against the source, and what is lost is what ffprobe tells of the source and of no result.`,
  async measure() {
    const lines: string[] = [];
    const found = new Map<Peer, Found[]>(PEERS.map((peer) => [peer, []]));
    for (const input of await peerInputs()) {
      for (const peer of PEERS) {
        const one = await compared(peer, input);
        found.get(peer)?.push(one);
        lines.push(lineOf(input, peer, one));
        process.stderr.write(`${lines.at(-1)}\n`);
      }
    }
    await writeFile(PAGE, pageOf(lines));
    return [...found].map(([{ name }, each]) => rowOf(name, each));
  },
};

function rowOf(what: string, found: readonly Found[]): ResultRow {
  const sum = (of: (one: Found) => number) => found.reduce((all, one) => all + of(one), 0);
  const failed = found.filter(({ code }) => code !== 0).length;
  const lost = found.filter(({ code, lost }) => code === 0 && lost !== 'nothing').length;
  const others = found.filter(({ code, frames }) => code === 0 && !/^(\d+) of \1$/.test(frames)).length;
  return {
    what,
    found: `${(sum(({ bytes }) => bytes) / 1e6).toFixed(2)} MB in ${sum(({ seconds }) => seconds).toFixed(0)} s; of ten inputs ${failed} failed, ${lost} lost facts, ${others} came out with another number of frames`,
  };
}

async function compared({ argv }: Peer, { path }: PeerInput): Promise<Found> {
  const folder = await mkdtemp(join(await cacheFolder(), 'peer-'));
  try {
    await mkdir(folder, { recursive: true });
    const [program = '', ...args] = argv(path, folder);
    const { code, seconds } = await timedRun(program, args);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const isWork = (place: string) => /\.reelmill\/(work|index)/.test(place);
    const files = entries
      .filter((entry) => entry.isFile() && !isWork(join(entry.parentPath, entry.name)))
      .map((entry) => join(entry.parentPath, entry.name));
    const film = files.find((file) => /\/[^/.][^/]*\.(mp4|mkv|mov)$/.test(file) && !file.includes('.reelmill'));
    if (film === undefined) return { code, seconds, bytes: 0, vmaf: '-', frames: '-', streams: '-', lost: '-' };
    const [before, after] = await Promise.all([seenIn(path), seenIn(film)]);
    const beside = await Promise.all(files.filter((file) => file !== film).map(described));
    const everything = [after.all, ...beside].join('\n');
    const lost = before.facts.filter((fact) => !everything.includes(fact));
    const [wanted, got] = [await framesDecoded(path), await framesDecoded(film)];
    const { width, height } = after;
    const judged = width === before.width && height === before.height && wanted === got && got > 0;
    const vmaf = judged
      ? await vmafOf(film, path, { width, height }, got).then(
          ({ mean }) => mean.toFixed(1),
          () => 'not measured',
        )
      : 'not comparable';
    return {
      ...{ code, seconds, vmaf, bytes: (await stat(film)).size },
      frames: `${got} of ${wanted}`,
      streams: `${after.streams + beside.length - files.filter((file) => /manifest|report/.test(file)).length} of ${before.streams}`,
      lost: lost.length === 0 ? 'nothing' : lost.slice(0, 6).join(', '),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lineOf = (
  { name }: PeerInput,
  peer: Peer,
  { code, seconds, bytes, vmaf, frames, streams, lost }: Found,
): string =>
  `| ${[name, peer.name, code, bytes === 0 ? '-' : `${(bytes / 1000).toFixed(0)} kB`, vmaf, frames, streams, lost, seconds.toFixed(1)].join(' | ')} |`;

const pageOf = (lines: readonly string[]) => `# Beside other programs

Written by \`npm run bench -- peers\`, which makes ten inputs of two real clips, takes each through three programs, and asks ffprobe what came out. All encode by x265 with CRF ${CRF} and preset ${PRESET}.
Reelmill's time includes that every frame of the result is decoded and compared, which the others leave to you; small clips show most what that costs. HandBrake writes 10 bits here, so that it keeps HDR.
More frames than the source has is no gain: a program then made up some, or an interlaced film became one of fields (Reelmill says so in its manifest). "Streams" counts those in the file, and files beside it.

*${machine()}*

The commands:

${PEERS.map(({ name, argv }) => `* ${name}: \`${commandOf(argv('IN', 'OUT'))}\``).join('\n')}

| input | program | exit code | size | VMAF | frames | streams | lost | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;

const commandOf = (argv: readonly string[]): string => argv.join(' ').replace(`${process.execPath} ${CLI}`, 'reelmill');
