// What jest makes of TypeScript: what swc makes of it, with the globals that loops use bound in each module. In the context in
// which jest runs tests, each look at a global goes through an interceptor and takes a hundred times as long as elsewhere: a
// loop over pixels that says Math.abs spends its time there. jest's own remedy, sandboxInjectedGlobals, knows no ES modules.
import { createTransformer as createSwcTransformer } from '@swc/jest';

const BOUND = ['Math', 'Number', 'BigInt', 'Array', 'Object', 'Uint8Array'];
const PRELUDE = `const ${BOUND.map((name) => `${name} = globalThis.${name}`).join(', ')};`;

/**
 * @param {Parameters<typeof createSwcTransformer>[0]} options
 * @returns {ReturnType<typeof createSwcTransformer>}
 */
export function createTransformer(options) {
  const { process, processAsync, getCacheKey, ...swc } = createSwcTransformer(options);
  if (!process || !processAsync || !getCacheKey) throw new Error('@swc/jest transforms nothing');
  return {
    ...swc,
    process: (text, path, about) => bound(process(text, path, about)),
    processAsync: async (text, path, about) => bound(await processAsync(text, path, about)),
    getCacheKey: (text, path, about) => `${getCacheKey(text, path, about)}${BOUND.join('')}`,
  };
}

/**
 * The prelude stands on the first line, so that the lines of a stack trace stay as they are.
 *
 * @template {{ code: string }} T
 * @param {T} transformed
 */
const bound = (transformed) => ({ ...transformed, code: `${PRELUDE} ${transformed.code}` });

// biome-ignore lint/style/noDefaultExport: jest takes a transformer by its default export
export default { createTransformer };
