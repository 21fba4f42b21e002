import { once } from 'node:events';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { serveThumbnail } from '../../app/serve/serve-thumbnail.ts';
import { usage } from '../../core/errors.ts';
import { listenOnLoopback, localThumbnailPorts } from '../../runtime/local-thumbnails.ts';
import { workFolderOf } from '../../runtime/work-folder.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { say } from '../terminal/say.ts';

export type ThumbnailOptions = { readonly port: string; readonly work?: string };

const LARGEST_PORT = 65_535;

/** Serves thumbnails on loopback until it is stopped. The address is one JSON line on stdout. */
export async function thumbnails(folder: string, options: ThumbnailOptions): Promise<number> {
  const port = Number(options.port);
  if (!/^\d+$/.test(options.port) || port > LARGEST_PORT)
    throw usage(`--port ${options.port} is not a port; it takes 0 (any free port) to ${LARGEST_PORT}`);
  const root = resolve(folder);
  const tell = say;
  const ports = localThumbnailPorts(root, workFolderOf(root, options.work, tell));
  const signal = interruptSignal();
  const server = await listenOnLoopback(port, (asked) => serveThumbnail(asked, ports));
  const url = `http://127.0.0.1:${server.port}/thumbnail`;
  process.stdout.write(`${JSON.stringify({ type: 'serving', url })}\n`);
  say(`thumbnails of ${join(root, 'output')} at ${url}?of=...&width=320; Ctrl-C ends`);
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  return 0;
}
