import { stat } from 'node:fs/promises';
import { folderStore } from '../adapters/local/folder-store.ts';
import { hashOnThread } from '../media/probe/hash-on-thread.ts';
import type { LocalPorts } from './local-ports.ts';

/** The ports that give films their places in a folder of results. */
export const placingPorts = ({ jobs, namesIn }: LocalPorts, out: string, signal: AbortSignal) => ({
  jobs,
  names: namesIn(out),
  outputs: folderStore(out),
  store: out,
  isThere: async (location: string) => (await stat(location).catch(() => undefined))?.isFile() ?? false,
  async identify({ location }: { readonly location: string }) {
    const bytes = (await stat(location).catch(() => undefined))?.size ?? 0;
    return { bytes, sha256: () => hashOnThread(location, { signal, onProgress: () => {} }) };
  },
});
