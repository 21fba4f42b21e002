import { type Browser, chromium } from 'playwright-core';
import { commandPath } from './command-path.ts';
import { startProgram } from './started-program.ts';

/** Chromium with a profile that outlives it, to be killed as by a crash. */
export async function killableBrowser(profile: string): Promise<{ readonly browser: Browser; kill(): Promise<void> }> {
  const program = startProgram(
    await commandPath('chromium', 'chromium-browser', 'google-chrome'),
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { detached: true },
  );
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    program.child.stderr?.on('data', (chunk: string) => {
      said += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    program.child.once('close', () => reject(new Error(`the browser ended: ${said}`)));
  });
  return {
    browser: await chromium.connectOverCDP(address),
    async kill() {
      process.kill(-(program.child.pid ?? 0), 'SIGKILL'); // its group: all processes of the browser
      await program.ended;
    },
  };
}
