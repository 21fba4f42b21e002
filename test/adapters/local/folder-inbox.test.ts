import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderInbox } from '../../../adapters/local/folder-inbox.ts';
import { folderStore } from '../../../adapters/local/folder-store.ts';
import { dropSettingsKey } from '../../../core/job/drop.ts';
import { inboxContract } from '../../contracts/inbox.ts';

inboxContract('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'reelmill-inbox-'));
  const folder = folderStore(root);
  return {
    inbox: folderInbox(folder),
    async drop(key, bytes, settings) {
      await folder.write(key, bytes, 'video/mp4');
      if (settings) await folder.write(dropSettingsKey(key), JSON.stringify({ settings }), 'application/json');
    },
    close: () => rm(root, { recursive: true }),
  };
});
