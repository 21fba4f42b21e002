import { folderMedia } from '../adapters/local/folder-media.ts';
import type { FragmentPlan } from '../core/fragment/plan-fragments.ts';

/** The ports that serve files of a folder. What begins with a dot is the program's own, and is not served. */
export const localMediaPorts = (root: string, tell: (sentence: string) => void) => ({
  objects: folderMedia(root),
  mayServe: (key: string) => !key.split('/').some((part) => part.startsWith('.')),
  plans: new Map<string, FragmentPlan>(),
  log: {
    error: (event: string, fields: Readonly<Record<string, unknown>>) => tell(JSON.stringify({ event, ...fields })),
  },
});
