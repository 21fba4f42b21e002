import { describe, it } from '@jest/globals';
import { pythonWithTorch } from '../../scripts/tools.mjs';

/** Tests that need PyTorch, given the python that has it. On CI its absence fails; elsewhere it is said. */
export async function describeOnTorch(what: string, define: (python: string) => void): Promise<void> {
  const python = await pythonWithTorch();
  if (python !== undefined) return describe(what, () => define(python));
  const why = `no python3 here finds PyTorch, so that this is not tested: ${what}; install it with: apt-get install python3-torch`;
  if (process.env.CI === 'true') describe(what, () => it('has PyTorch', () => Promise.reject(new Error(why))));
  else console.warn(why);
}
