import { mkdir } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { sqliteJobStore } from '../adapters/local/sqlite-job-store.ts';
import { type Job, jobIdOf } from '../core/job/job.ts';
import { withTemporaryFolder } from '../runtime/local-ports.ts';
import { startReelmill } from '../test/support/reelmill.ts';
import type { Measurement, ResultRow } from './measurement.ts';

const CLIENTS = 100;
const EACH = 40;
/** A page that asks this often is one that nobody could read. */
const PAUSE_MS = 200;

/** Measures how quickly the local API answers many pages at once, and a list of 10,000 jobs. */
export const apiBench: Measurement = {
  name: 'api',
  about: `\`reelmill serve\` with 10 and with 10,000 jobs in its table, and ${CLIENTS} clients on connections of their own, each of which asks ${EACH} times with ${PAUSE_MS} ms between an answer and the next question; also one client that asks for pages one after the other.`,
  async measure({ quick }) {
    const rows: ResultRow[] = [];
    let few = 0;
    for (const jobs of quick ? [10, 100] : [10, 10_000]) {
      const { times, first } = await withTemporaryFolder((root) => asked(root, jobs));
      const p99 = times[Math.floor(times.length * 0.99)] ?? 0;
      rows.push({
        what: `GET /api/jobs with ${jobs} jobs, ${CLIENTS} clients, 99th percentile`,
        ...{
          goal: 'under 50 ms',
          found: `${p99.toFixed(1)} ms (median ${(times[times.length >> 1] ?? 0).toFixed(1)})`,
        },
        met: p99 < 50,
      });
      if (few === 0) few = first;
      else
        rows.push({
          what: `the first page of ${jobs} jobs against that of 10`,
          found: `${first.toFixed(1)} ms, ${few.toFixed(1)} ms`,
        });
    }
    return rows;
  },
};

async function asked(
  root: string,
  jobs: number,
): Promise<{ readonly times: readonly number[]; readonly first: number }> {
  await fill(join(root, '.reelmill', 'work'), jobs);
  const server = startReelmill(['serve', root, '--port', '0', '--no-open', '--json']);
  try {
    const url = await addressOf(server);
    const token = url.searchParams.get('token') ?? '';
    const get = (agent: Agent, path: string) => timed(agent, { port: Number(url.port), path, token });
    const alone = new Agent({ keepAlive: true });
    await get(alone, '/api/session');
    const first = await get(alone, '/api/jobs');
    const all = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        await new Promise((resolve) => setTimeout(resolve, (client * PAUSE_MS) / CLIENTS));
        const times: number[] = [];
        for (let round = 0; round < EACH; round++) {
          times.push(await get(agent, `/api/jobs?limit=50${round % 2 === 0 ? '' : '&state=open'}`));
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
        agent.destroy();
        return times;
      }),
    );
    alone.destroy();
    return { times: all.flat().sort((a, b) => a - b), first };
  } finally {
    server.child.kill('SIGINT');
    await server.ended;
  }
}

async function addressOf(server: ReturnType<typeof startReelmill>): Promise<URL> {
  let said = '';
  for await (const chunk of server.child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += chunk;
    const line = said.split('\n')[0];
    if (said.includes('\n') && line !== undefined) {
      server.child.stdout?.resume();
      return new URL(JSON.parse(line).url);
    }
  }
  throw new Error('the server ended before it said where it is');
}

function timed(
  agent: Agent,
  { port, path, token }: { readonly port: number; readonly path: string; readonly token: string },
) {
  const began = performance.now();
  return new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request({ host: '127.0.0.1', port, path, headers, agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}`));
      answer.resume().once('end', () => resolve(performance.now() - began));
    })
      .once('error', reject)
      .end();
  });
}

async function fill(work: string, count: number): Promise<void> {
  await mkdir(work, { recursive: true });
  const store = sqliteJobStore(join(work, 'jobs.sqlite'), () => true);
  for (let at = 0; at < count; at++) {
    const source = `input/preserve/2019/a film ${at}.mov`;
    const outputPrefix = `output/preserve/2019/a film ${at}.mov`;
    const job: Job = {
      ...{
        id: jobIdOf({ store: 'bench', recipe: 'preserve', source, version: '' }),
        recipe: 'preserve',
        source,
        outputPrefix,
      },
      ...{ settings: { crf: 24 }, createdMs: 1e12 + at, updatedMs: 1e12 + at },
      state: { status: 'done', manifest: `${outputPrefix}/manifest.json` },
      figures: { bytesBefore: 1e9 + at, bytesAfter: 5e8, usd: 0.01 },
      published: [{ key: `${outputPrefix}/preserve.mp4`, bytes: 5e8, modifiedMs: 1e12, sha256: 'ab'.repeat(32) }],
    };
    await store.create(job);
  }
  store.close();
}
