import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { mutationStorm, rowsOf, type Way } from '../test/support/storms/mutations.ts';

const USAGE = `npm run prove -- mutations [--way plan|whole] [--count N]

  Damages small files of twelve kinds, each time differently, and takes them
  through the built command. A file may be done (0) or refused (65); anything
  else, a hang, or frames that are missing in silence, is a fault.

  --way    plan: probe and plan alone (default); whole: encode and publish
  --count  how many (default 100); a count that is higher goes on where the
           last run ended: the record lies in .cache/prove/
`;

const HEAD = ['damage', 'files', 'done', 'refused', 'faults', 'ffmpeg: 0', 'of these refused'];

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      way: { type: 'string', default: 'plan' },
      count: { type: 'string', default: '100' },
      help: { type: 'boolean', default: false },
    },
  });
  const way: Way | undefined = values.way === 'plan' || values.way === 'whole' ? values.way : undefined;
  const count = Number(values.count);
  if (values.help || positionals[0] !== 'mutations' || !way || !Number.isInteger(count) || count < 1) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 64;
  }
  let [made, faults] = [0, 0];
  const trials = await mutationStorm(
    {
      way,
      count,
      said: ({ seed, original, mutation, fault }) => {
        made++;
        if (fault) faults++;
        if (fault) process.stderr.write(`\r${original}, ${mutation}, seed ${seed}: ${fault}\n`);
        process.stderr.write(`\r${made} of ${count}, ${faults} faults`);
      },
    },
    join('.cache', 'prove'),
  );
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  for (const row of rowsOf(trials)) table.push([...row]);
  process.stdout.write(`\n${table.toString()}\n`);
  return faults === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = 64;
}
