// What jest makes of TypeScript: what swc makes of it, with the globals that loops use bound in each module. In the context in
// which jest runs tests, each look at a global goes through an interceptor and takes a hundred times as long as elsewhere: a
// loop over pixels that says Math.abs spends its time there. jest's own remedy, sandboxInjectedGlobals, knows no ES modules.
import { createTransformer as createSwcTransformer } from '@swc/jest';

const BOUND = ['Math', 'Number', 'BigInt', 'Array', 'Object', 'Uint8Array'];
const PRELUDE = `const ${BOUND.map((name) => `${name} = globalThis.${name}`).join(', ')};`;

export function createTransformer(options) {
  const swc = createSwcTransformer(options);
  // On the first line, so that the lines of a stack trace stay as they are.
  const withBindings = ({ code, ...rest }) => ({ ...rest, code: `${PRELUDE} ${code}` });
  return {
    ...swc,
    process: (...args) => withBindings(swc.process(...args)),
    processAsync: async (...args) => withBindings(await swc.processAsync(...args)),
    getCacheKey: (...args) => `${swc.getCacheKey(...args)}${BOUND.join('')}`,
  };
}

// biome-ignore lint/style/noDefaultExport: jest takes a transformer by its default export
export default { createTransformer };
