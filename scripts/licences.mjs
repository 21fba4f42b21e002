// Lists the licences of all packages that the lock file names: npm run licences
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { licencesIn, refusedIn, tableOf } from './package/licence-table.mjs';
import { ROOT } from './setup.mjs';
import { exitWith, say } from './setup-error.mjs';

await exitWith(async () => {
  const packages = licencesIn(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
  console.log(tableOf(packages));
  const refused = refusedIn(packages);
  for (const { name, licence } of refused) say(`${name} has the licence "${licence}", which is not on the list`);
  return refused.length === 0 ? 0 : 1;
});
