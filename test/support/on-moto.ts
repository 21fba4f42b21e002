import { describe, it } from '@jest/globals';
import { isOnPath } from './is-on-path.ts';

/**
 * Tests that need moto_server. On CI its absence fails; elsewhere it is said, and what it would have shown is left to the
 * other server of the same contract.
 */
export async function describeOnMoto(what: string, define: () => void): Promise<void> {
  if (await isOnPath('moto_server')) return describe(`on moto_server`, define);
  const why = `moto_server is not on the PATH, so that ${what} is not tested on it; install it with: pip install 'moto[server]'`;
  if (process.env.CI === 'true')
    describe('on moto_server', () => it('is on the PATH', () => Promise.reject(new Error(why))));
  else console.warn(why);
}
