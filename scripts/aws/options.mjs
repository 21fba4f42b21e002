import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { SetupError } from '../setup-error.mjs';

// On each start the SDK announces when it will stop to support Node.js 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/**
 * @typedef {object} StageOptions
 * @property {string} stage
 * @property {string[]} param  name=value, over the stage's own settings
 * @property {Record<string, any>} settings  of the stage, checked
 * @property {Record<string, unknown>} more  what the command's own options say
 */

/**
 * What `npm run <command> -- --stage X ...` was given. Throws SetupError with one sentence, exit code 64. Needs packages.
 * @param {readonly string[]} argv
 * @param {{ usage: string, options?: import('node:util').ParseArgsConfig['options'], stages?: readonly string[] }} command
 * @returns {StageOptions}
 */
export function stageOptions(argv, { usage, options = {}, stages }) {
  const given = parse(argv, usage, options);
  const { stage, param = [], ...more } = given;
  if (typeof stage !== 'string') throw new SetupError(`say which stage: ${usage}`, { exitCode: 64 });
  const params = /** @type {string[]} */ (param);
  const settings = refusing(() => readStage(stage, params));
  if (stages && !stages.includes(stage)) {
    throw new SetupError(`stage ${stage} is not for this; there are: ${stages.join(', ')}`, { exitCode: 64 });
  }
  return { stage, param: params, settings, more };
}

/**
 * @param {readonly string[]} argv
 * @param {string} usage
 * @param {NonNullable<import('node:util').ParseArgsConfig['options']>} options
 */
function parse(argv, usage, options) {
  const all = { stage: { type: 'string' }, param: { type: 'string', multiple: true }, ...options };
  try {
    return parseArgs({ args: [...argv], options: /** @type {typeof options} */ (all) }).values;
  } catch (error) {
    throw new SetupError(`${messageOf(error)}; usage: ${usage}`, { exitCode: 64 });
  }
}

/**
 * @param {string} stage
 * @param {readonly string[]} params
 */
function readStage(stage, params) {
  return createRequire(import.meta.url)('../../stages/index.cjs').readStage(stage, params);
}

/**
 * @template T
 * @param {() => T} read
 */
function refusing(read) {
  try {
    return read();
  } catch (error) {
    throw new SetupError(messageOf(error), { exitCode: 64 });
  }
}

const messageOf = (/** @type {unknown} */ error) => (error instanceof Error ? error.message : String(error));
