import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { belowPrefix } from '../../../adapters/shared/below-prefix.ts';
import { objectStoreContract } from '../../contracts/object-store.ts';

objectStoreContract('a part of a store', async () => {
  const root = await mkdtemp(join(tmpdir(), 'reelmill-below-'));
  const whole = folderStore(root);
  await whole.write('beside.mov', 'not of this part', 'video/mp4');
  await whole.write('cache.mov', 'nor is this', 'video/mp4');
  return { store: belowPrefix(whole, 'cache/'), close: () => rm(root, { recursive: true }) };
});
