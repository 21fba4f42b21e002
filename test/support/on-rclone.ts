import { describe, it } from '@jest/globals';
import { isOnPath } from './is-on-path.ts';

/** Tests that need rclone. On CI its absence fails; elsewhere it is said. */
export async function describeOnRclone(what: string, define: () => void): Promise<void> {
  if (await isOnPath('rclone')) return describe(what, define);
  const why = `rclone is not on the PATH, so that this is not tested: ${what}; install it with: apt-get install rclone`;
  if (process.env.CI === 'true') describe(what, () => it('has rclone', () => Promise.reject(new Error(why))));
  else console.warn(why);
}
