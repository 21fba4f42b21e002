import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { capture } from '../../scripts/child.mjs';

/** Keys that any server of our own takes. */
export const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/**
 * A script of the stack's, as `npm run` starts it, with nothing of this machine's account: no keys, no profiles, no
 * instance to ask.
 */
export const stageScript = (name: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  capture(process.execPath, [resolve('scripts', `${name}.mjs`), ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
  });
