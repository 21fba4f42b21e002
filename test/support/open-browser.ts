import { type Browser, chromium } from 'playwright-core';
import { commandPath } from './command-path.ts';

/** Chromium, with these further arguments. However long a busy machine takes to start it, only jest ends the wait. */
export const openBrowser = async (...args: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: await commandPath('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox', ...args],
    timeout: 0,
  });
