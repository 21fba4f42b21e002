import { join } from 'node:path';
import { sqliteDemandStore } from '../../../adapters/local/sqlite-demand-store.ts';
import { demandStoreContract } from '../../contracts/demand-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

demandStoreContract('SQLite', async () => {
  const path = join(await temporaryFolder(), 'jobs.sqlite');
  const store = sqliteDemandStore(path);
  const another = sqliteDemandStore(path);
  const close = async () => {
    store.close();
    another.close();
  };
  return { store, another, close };
});
