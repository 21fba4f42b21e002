import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { openStack, type Stack } from '../test/support/stack.ts';
import { type Measurement, median, type ResultRow } from './measurement.ts';
import { mustRun } from './run.ts';

const STAGE = 'dev';
const PACKAGED = join('.cache', 'stack', STAGE);
/** Lies below the checkout, so that the functions find the SDK, which AWS provides there. */
const UNPACKED = join('node_modules', '.cache', 'reelmill-bench');
/** A client of the SDK that came to be bundled would pass it (docs/decisions/0128). */
const MOST_ZIP_KB = 100;
const MOST_IMPORT_MS = 60;
const MOST_OWN_MS = 5;

/** Measures size and start-up time of the Lambda functions as they are packaged for AWS. */
export const functions: Measurement = {
  name: 'functions',
  about:
    "The zips that `npm run package` makes, which do not hold the SDK. The processor time to import each handler in a new process: of our own code, and with the SDK's clients, from node_modules (medians of 11). The CPU time of on-drop for each record: of our own code by V8's profiler, and of the whole process, with the servers in another process.",
  async measure({ quick }) {
    await mustRun(process.execPath, ['scripts/package.mjs', '--stage', STAGE]);
    const stack = await openStack({ direct: true });
    try {
      const rows: ResultRow[] = [];
      for (const { name, zip } of await zips()) rows.push(await functionRow(name, zip, quick ? 3 : 11));
      return [...rows, await ownTime(stack, quick ? 100 : 1_000)];
    } finally {
      await stack.close();
    }
  },
};

async function zips() {
  const names = (await readdir(PACKAGED)).filter((name) => name.endsWith('.zip'));
  return Promise.all(names.map(async (name) => ({ name, zip: await readFile(join(PACKAGED, name)) })));
}

async function functionRow(file: string, zip: Buffer, rounds: number): Promise<ResultRow> {
  const handler = await unpacked(file, zip);
  const took: { readonly all: number; readonly own: number }[] = [];
  for (let round = 0; round < rounds; round++) took.push(JSON.parse(await inFreshProcess(IMPORT, [handler])));
  const [kb, ms, own] = [zip.length / 1024, median(took.map(({ all }) => all)), median(took.map((each) => each.own))];
  return {
    what: basename(handler, '.mjs'),
    goal: `zip at most ${MOST_ZIP_KB} KB, import of our own code at most ${MOST_IMPORT_MS} ms`,
    found: `${kb.toFixed(1)} KB, ${own.toFixed(0)} ms; with the SDK ${ms.toFixed(0)} ms`,
    met: kb <= MOST_ZIP_KB && own <= MOST_IMPORT_MS,
  };
}

/** Unpacks a zip and returns the path of its handler. */
async function unpacked(file: string, zip: Buffer): Promise<string> {
  const folder = join(UNPACKED, basename(file, '.zip'));
  await rm(folder, { recursive: true, force: true });
  const files = Object.entries(unzipSync(zip));
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const handler = files.map(([path]) => path).find((path) => path.endsWith('.mjs'));
  if (!handler) throw new Error(`${file} holds no .mjs`);
  return join(process.cwd(), folder, handler);
}

const IMPORT = `
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const [, handler] = process.argv;
  const imports = readFileSync(handler, 'utf8').matchAll(/from *"(@(?:aws-sdk|smithy)[^"]+)"/g);
  const sdk = new Set([...imports].map(([, name]) => name));
  const resolve = createRequire(handler).resolve;
  const now = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  const began = now();
  for (const name of sdk) await import(resolve(name));
  const loaded = now();
  await import(handler);
  const ended = now();
  process.stdout.write(JSON.stringify({ all: ended - began, own: ended - loaded }), () => process.exit(0));
`;

const inFreshProcess = async (code: string, args: readonly string[]): Promise<string> =>
  (await mustRun(process.execPath, ['--input-type=module', '--eval', code, ...args])).stdout;

/** The first drops warm up the code, as in a function that has run before. The rest is measured. */
const OWN_TIME = `
  import { Session } from 'node:inspector/promises';
  const [, handlerPath, from, to] = process.argv;
  const { handler } = await import(handlerPath);
  const message = (i) => ({ messageId: String(i), body: JSON.stringify({ Records: [
    { eventName: 'ObjectCreated:Put', s3: { object: { key: 'input/preserve/own/' + i + '.mov' } } } ] }) });
  const take = async (first, last) => {
    for (let i = first; i < last; i += 10)
      await handler({ Records: Array.from({ length: 10 }, (_, n) => message(i + n)) }, {});
  };
  await take(0, Number(from));
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  const before = process.cpuUsage();
  await take(Number(from), Number(to));
  const { user, system } = process.cpuUsage(before);
  const { profile } = await session.post('Profiler.stop');
  const own = new Set(profile.nodes.filter(({ callFrame }) => callFrame.url.endsWith(handlerPath)).map(({ id }) => id));
  const micros = profile.samples.reduce((sum, id, i) => sum + (own.has(id) ? profile.timeDeltas[i] : 0), 0);
  const records = Number(to) - Number(from);
  process.stdout.write(JSON.stringify({ own: micros / 1000 / records, all: (user + system) / 1000 / records }),
    () => process.exit(0));
`;

async function ownTime({ s3 }: Stack, drops: number): Promise<ResultRow> {
  const last = drops + 100;
  for (let i = 0; i < last; i++) {
    const Key = `input/preserve/own/${i}.mov`;
    await s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: 'some bytes' }));
  }
  const found = (await zips()).find(({ name }) => /onDrop/.test(name));
  if (!found) throw new Error(`no zip of on-drop in ${PACKAGED}`);
  const handler = await unpacked(found.name, found.zip);
  const { own, all } = JSON.parse(await inFreshProcess(OWN_TIME, [handler, '100', `${last}`]));
  return {
    what: `on-drop, CPU time a record, ${drops} new drops`,
    goal: `our own code at most ${MOST_OWN_MS} ms`,
    found: `${Number(own).toFixed(2)} ms; with the SDK and the network ${Number(all).toFixed(1)} ms`,
    met: own <= MOST_OWN_MS,
  };
}
