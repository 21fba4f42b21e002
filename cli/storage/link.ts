import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { keyFault } from '../../core/object-key.ts';
import { signedLink } from '../../core/storage/signed-link.ts';
import { deployedStack } from '../../runtime/aws/deployed-stack.ts';
import { linkKeyOf } from '../../runtime/aws/link-key.ts';
import { numberFigure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';

type LinkOptions = {
  readonly stage: string;
  readonly region?: string;
  readonly hours: string;
  readonly json?: boolean;
};

/** Prints a link to a published file, or what opens all files of a folder, for so many hours. */
export async function link(given: string, options: LinkOptions): Promise<number> {
  const path = pathOf(given);
  const hours = numberFigure('--hours', options.hours, { least: 0.01, most: 24 * 366 });
  const key = await linkKeyOf(await deployedStack(options.stage, options.region));
  const expires = Math.floor(Date.now() / 1000 + hours * 3600);
  const signed = signedLink(key, path, expires);
  const until = new Date(expires * 1000).toISOString();
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ type: 'storage.link', path, ...signed, until })}\n`);
    return 0;
  }
  const how = path.endsWith('/') ? `${signed.url}<file>?${signed.query}` : signed.url;
  process.stdout.write(`${how}\n`);
  process.stderr.write(`until ${until}\n`);
  return 0;
}

/** The path below output/, which CloudFront does not name. Throws `usage`. */
function pathOf(given: string): string {
  const path = given.replace(/^output\//, '');
  const fault = keyFault(path.replace(/\/$/, ''));
  if (fault !== undefined) throw usage(`"${printable(given)}" ${fault}; give a file, such as ladder/film.mov/hd.mp4`);
  if (/^(input|work|cache|failed|models)\//.test(path)) {
    throw usage(`"${printable(given)}" is not published; links lead to files in output/ alone`);
  }
  return path;
}
