import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { servePlans } from '../test/support/storms/serve-plans.ts';
import { cases } from './storms/cases.ts';
import { faults } from './storms/faults.ts';
import { hostile } from './storms/hostile.ts';
import { kills } from './storms/kills.ts';
import { load } from './storms/load.ts';
import { mutations, PLANNER } from './storms/mutations.ts';
import type { Storm } from './storms/storm.ts';
import { writeStorm } from './storms/write-storm.ts';

const STORMS: readonly Storm[] = [kills, faults, mutations, hostile, load, cases];
const PAGE = join('docs', 'reliability.md');

const USAGE = `npm run prove -- NAME [--way WAY] [--count N] [--write]

  Tries to break the built command. Anything that must not be is told, and
  makes this end with 1.

${STORMS.map(({ name, ways, usual }) => `  ${name.padEnd(12)} --count ${usual}${ways.length > 0 ? `, --way ${ways.join('|')}` : ''}`).join('\n')}

  --count  how many trials; a count that is higher goes on where the last run
           ended: the record lies in .cache/prove/
  --write  replaces the storm's section in ${PAGE}
`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      way: { type: 'string' },
      count: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (name === PLANNER) {
    await servePlans();
    return 0;
  }
  const storm = STORMS.find((each) => each.name === name);
  const count = Number(values.count ?? storm?.usual);
  const way = values.way ?? storm?.ways[0] ?? '';
  if (values.help || !storm || (way !== '' && !storm.ways.includes(way)) || !Number.isInteger(count) || count < 1) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 64;
  }
  let [made, faults] = [0, 0];
  const table = await storm.run({
    ...{ count, way, folder: join('.cache', 'prove') },
    said(fault) {
      made++;
      if (fault) faults++;
      if (fault) process.stderr.write(`\r${fault}\n`);
      process.stderr.write(`\r${made} of ${count}, ${faults} faults`);
    },
  });
  const shown = new Table({ head: [...table.head], style: { head: [], border: [], compact: true } });
  for (const row of table.rows) shown.push([...row]);
  process.stdout.write(`\n${shown.toString()}\n${table.words ?? ''}\n`);
  const command = ['npm run prove --', name, ...(way ? ['--way', way] : []), '--count', count].join(' ');
  if (values.write) await writeStorm(PAGE, storm, { command, way }, table);
  return table.faults === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = 64;
}
