import { join, resolve, sep } from 'node:path';
import process from 'node:process';
import { makeGallery } from '../../app/serve/make-gallery.ts';
import { usage } from '../../core/errors.ts';
import { count } from '../../core/report/quality-words.ts';
import { localGalleryPorts } from '../../runtime/local-gallery.ts';
import { interruptSignal } from '../terminal/interrupt.ts';

export type GalleryOptions = {
  readonly to: string;
  readonly recipe?: string;
  readonly title: string;
  readonly json?: boolean;
};

/** Makes a gallery of published results in a folder. */
export async function gallery(out: string, options: GalleryOptions): Promise<number> {
  const [from, to] = [resolve(out), resolve(options.to)];
  if (from === to || `${to}${sep}`.startsWith(`${from}${sep}`) || `${from}${sep}`.startsWith(`${to}${sep}`))
    throw usage(`--to ${options.to} lies in ${out} or around it; give a folder apart from the results`);
  const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const recipes = options.recipe?.split(',') ?? [];
  const wish = { title: options.title, recipes, signal: interruptSignal() };
  const made = await makeGallery(wish, { ...(await localGalleryPorts(from, to)), tell });
  const page = join(to, 'index.html');
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'gallery.done', page, ...made })}\n`);
  tell(`${count(made.films, 'film')} in ${count(made.files, 'file')}, ${made.copied} of them new: ${page}`);
  return 0;
}
