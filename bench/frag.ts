import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { serveMedia, WITHOUT_LIMITS } from '../app/serve/serve-media.ts';
import { boxesOf } from '../core/bytes/boxes.ts';
import { planFragments } from '../core/fragment/plan-fragments.ts';
import { localMediaPorts } from '../runtime/local-media.ts';
import { mediaRoute } from '../runtime/serving/media-route.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { mustRun } from './run.ts';

const SECONDS = 600;
const ROUNDS = 15;
const FIRST_BYTES = 150_000;

/** Measures what it costs to serve a progressive film of ten minutes in fragments. */
export const frag: Measurement = {
  name: 'frag',
  about:
    'A progressive MP4 of ten minutes (640x360 at 25 fps with B-frames, AAC, index behind the media) as `?frag=1` from our own server in the same process, beside the same file served as it is. Medians of 15.',
  async measure({ quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'reelmill-bench-'));
    const { url, close } = await serverOf(folder);
    try {
      const path = join(folder, 'film.mp4');
      await makeFilm(folder, path, quick ? 30 : SECONDS);
      const { wall, cpu, first } = await planTimes(path);
      const rows: ResultRow[] = [
        {
          what: 'plan',
          goal: 'at most 30 ms',
          found: `${wall.toFixed(1)} ms, ${cpu.toFixed(1)} ms of a processor (the first in a process: ${first.toFixed(0)} ms)`,
          met: wall <= 30,
        },
      ];
      const asked = { plain: `${url}/media/film.mp4`, frag: `${url}/media/film.mp4?frag=1` };
      const firsts = await compared(asked, (address) => timeOf(address, { range: `bytes=0-${FIRST_BYTES - 1}` }));
      rows.push({
        what: `first ${FIRST_BYTES / 1000} kB, the plan at hand`,
        goal: 'at most twice the plain file',
        ...asRatio(firsts, 2, 'ms'),
      });
      const wholes = await compared(asked, (address) => timeOf(address, {}));
      rows.push({ what: 'the whole film', goal: 'at most 1.5 x the plain file', ...asRatio(wholes, 1.5, 'ms') });
      const sizes = await Promise.all(Object.values(asked).map(sizeOf));
      const more = (100 * ((sizes[1] ?? 0) - (sizes[0] ?? 0))) / (sizes[0] ?? 1);
      rows.push({ what: 'bytes', goal: 'at most 0.5 % more', found: `${more.toFixed(2)} % more`, met: more <= 0.5 });
      return rows;
    } finally {
      await close();
      await rm(folder, { recursive: true });
    }
  },
};

async function makeFilm(folder: string, path: string, seconds: number): Promise<void> {
  const loop = join(folder, 'loop.mp4');
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x360:rate=25:duration=10',
    '-f',
    'lavfi',
    '-i',
    'sine=duration=10',
  ];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  await mustRun('ffmpeg', ['-v', 'error', ...picture, ...codecs, loop]);
  await mustRun('ffmpeg', ['-v', 'error', '-stream_loop', `${seconds / 10 - 1}`, '-i', loop, '-c', 'copy', path]);
}

async function serverOf(folder: string) {
  const ports = { ...localMediaPorts(folder, () => {}), limits: WITHOUT_LIMITS };
  const route = mediaRoute('/media/', (asked) => serveMedia(asked, ports));
  const server = createServer((incoming, response) => void route(incoming, response)).listen(0, '127.0.0.1');
  server.keepAliveTimeout = 0; // on a busy machine a connection would be closed just as it is used again
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** How long a plan takes, and how much of that the processor works; the first one in a process is compiled on the way. */
async function planTimes(
  path: string,
): Promise<{ readonly wall: number; readonly cpu: number; readonly first: number }> {
  const bytes = await readFile(path);
  const moov = boxesOf(bytes, 0, bytes.length).find(({ type }) => type === 'moov');
  const movie = bytes.subarray(moov?.start, moov?.end);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [before, used] = [performance.now(), process.cpuUsage()];
    planFragments(movie, { fileBytes: bytes.length, tracks: [] });
    return { wall: performance.now() - before, cpu: process.cpuUsage(used).user / 1000 };
  });
  return {
    wall: median(rounds.map(({ wall }) => wall)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
    first: rounds[0]?.wall ?? 0,
  };
}

type Asked = { readonly plain: string; readonly frag: string };
type Times = { readonly plain: number; readonly frag: number };

/** Medians of both, asked in turns after one of each that is not counted. */
async function compared(asked: Asked, time: (address: string) => Promise<number>): Promise<Times> {
  const times: { plain: number[]; frag: number[] } = { plain: [], frag: [] };
  await time(asked.plain);
  await time(asked.frag);
  for (let round = 0; round < ROUNDS; round += 1) {
    times.plain.push(await time(asked.plain));
    times.frag.push(await time(asked.frag));
  }
  return { plain: median(times.plain), frag: median(times.frag) };
}

async function timeOf(address: string, headers: Record<string, string>): Promise<number> {
  const before = performance.now();
  await (await fetch(address, { headers })).arrayBuffer();
  return performance.now() - before;
}

const sizeOf = async (address: string) =>
  Number((await fetch(address, { method: 'HEAD' })).headers.get('content-length'));

function asRatio({ plain, frag: ours }: Times, goal: number, unit: string): Pick<ResultRow, 'found' | 'met'> {
  const ratio = ours / plain;
  return {
    found: `${ratio.toFixed(2)} x (${ours.toFixed(1)} ${unit} against ${plain.toFixed(1)})`,
    met: ratio <= goal,
  };
}
