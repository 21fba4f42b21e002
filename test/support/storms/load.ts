import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { eventsIn, startReelmill } from '../reelmill.ts';
import { box } from './boxes.ts';
import { earlyAndLate, type Held, heldMeanwhile } from './held.ts';

type Grown = { readonly early: Held; readonly late: Held; readonly seconds: number };
export type Watched = Grown & { readonly done: number; readonly failed: number; readonly sourcesKept: number };
export type Soaked = Grown & { readonly answers: number; readonly films: number };

/** Writes films of one frame with bytes of their own into `input/preserve/` of a folder, in sub-folders of fifty. */
async function dropFilms(root: string, from: number, to: number): Promise<void> {
  const model = join(root, 'model.mp4');
  await execa('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10', '-frames:v', '1'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', model],
  ]);
  const bytes = await readFile(model);
  const settings = { settings: { preset: 'ultrafast', evenIfLarger: 'true' } };
  for (let i = from; i < to; i++) {
    const path = join(root, 'input', 'preserve', `${Math.floor(i / 50)}`, `film-${i}.mp4`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.reelmill.json`, JSON.stringify(settings));
    await writeFile(path, Buffer.concat([bytes, box('free', `film ${i}`)]));
    await utimes(path, 1.6e9, 1.6e9);
  }
}

/** Lets `watch --once` do so many films of one frame. */
export async function watchedFolder(films: number, root: string): Promise<Watched> {
  await dropFilms(root, 0, films);
  const begun = performance.now();
  const { child, ended } = startReelmill(['watch', root, '--once', '--json']);
  let isOver = false;
  const looking = heldMeanwhile(child.pid ?? 0, () => isOver);
  const { stdout } = await ended;
  isOver = true;
  const events = eventsIn(stdout);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const left = await readdir(join(root, 'input'), { recursive: true });
  return {
    ...earlyAndLate(await looking),
    ...{ done: count('job.done'), failed: count('job.failed') },
    sourcesKept: left.filter((name) => name.endsWith('.mp4')).length,
    seconds: (performance.now() - begun) / 1000,
  };
}

const PAUSE_MS = 200;
/** The second quarter of the looks is compared with the last one. */
const FEWEST_LOOKS = 4;
const FILM_EVERY_SECONDS = 10;

/** Keeps `serve` busy for so long: clients that ask for the list of jobs, and now and then a film. */
export async function soakedServer(
  { seconds, clients }: { readonly seconds: number; readonly clients: number },
  root: string,
): Promise<Soaked> {
  await dropFilms(root, 0, 1);
  const server = startReelmill(['serve', root, '--port', '0', '--no-open', '--json']);
  const said: Buffer[] = [];
  server.child.stdout?.on('data', (chunk) => said.push(Buffer.from(chunk)));
  await server.says('\n');
  const url = new URL(JSON.parse(Buffer.concat(said).toString().split('\n')[0] ?? '').url);
  const headers = { authorization: `Bearer ${url.searchParams.get('token') ?? ''}` };
  let [answers, films, isOver] = [0, 1, false];
  const ask = async (agent: Agent) => {
    await answered({ host: '127.0.0.1', port: url.port, path: '/api/jobs?limit=50', headers, agent });
    answers++;
  };
  const agents = Array.from({ length: clients }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  await Promise.all(agents.map(ask)); // on a busy machine that takes a while, and their connections would pass for kept ones
  const asking = agents.map(async (agent, client) => {
    await sleep((client * PAUSE_MS) / clients);
    while (!isOver) {
      await ask(agent);
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  });
  const dropping = (async () => {
    while (!isOver) {
      await dropFilms(root, films, films + 1);
      films++;
      await sleep(FILM_EVERY_SECONDS * 1000);
    }
  })();
  const begun = performance.now();
  const found = await heldMeanwhile(
    server.child.pid ?? 0,
    (looks) => looks >= FEWEST_LOOKS && performance.now() - begun > seconds * 1000,
  );
  isOver = true;
  await Promise.all([...asking, dropping]);
  server.child.kill('SIGINT');
  await server.ended;
  return { ...earlyAndLate(found), answers, films, seconds };
}

/** Asks again where the server had closed a connection because nothing had come by it for 5 s, which its client did not know yet. */
function answered(options: RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`the server answered ${answer.statusCode}`));
      answer.resume().once('end', () => resolve());
    });
    asked.once('error', (error) => (asked.reusedSocket ? resolve(answered(options)) : reject(error))).end();
  });
}
