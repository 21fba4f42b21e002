import { spawn } from 'node:child_process';
import process from 'node:process';

/** Opens an address in the browser of this machine, by argv. Does nothing where there is none. */
export function openBrowser(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  if (program === undefined) return;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // the address is shown anyway
  child.unref();
}

/** `start` is a word of Windows' shell and no program; this is what it calls. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
