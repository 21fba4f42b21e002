import { basename, dirname, join, resolve } from 'node:path';
import { takeNamed } from '../../app/take-drop.ts';
import { usage } from '../../core/errors.ts';
import { filmsAmong } from '../../core/job/companions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { ordersFor } from '../../core/recipes/menu.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { folderBytes } from '../../runtime/folder-bytes.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { openLocal } from '../../runtime/local-ports.ts';
import { interruptSignal } from '../interrupt.ts';
import { menuArgument } from '../menu-argument.ts';
import { printable } from '../printable.ts';
import { recipesArgument } from '../recipes-argument.ts';
import { settingsArgument } from '../settings-argument.ts';
import { newTeller } from '../teller.ts';
import { workHere } from '../work-here.ts';

export type RunCommandOptions = {
  readonly recipe: readonly string[];
  readonly out: string;
  readonly set: readonly string[];
  readonly work?: string;
  readonly root?: string;
  readonly remake?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
};

/** Runs every recipe on every file, also after a failure. Returns the exit code of the first failure, or 0. */
export async function run(named: readonly string[], options: RunCommandOptions): Promise<number> {
  const files = filmsAmong(named);
  const root = options.root === undefined ? undefined : resolve(options.root);
  const offered = await menuArgument(root);
  const orders = ordersFor(recipesArgument(options.recipe, offered), settingsArgument(options.set));
  for (const { recipe, settings } of orders) resolveSettings(recipe, settings);
  refuseSameNames(files);
  const signal = interruptSignal();
  const teller = newTeller(options);
  const out = resolve(options.out);
  const work = resolve(options.work ?? join(out, '.work'));
  for (const path of named)
    if (!files.includes(path))
      teller.say(
        `${printable(path)} is not a film; subtitles are taken along with their film, other files are ignored`,
      );
  const local = await openLocal(work, signal, teller.say, root);
  const menu = async () => offered;
  const here = workHere({ local, teller, signal, menu, ifBusy: 'wait', remake: options.remake });
  try {
    const drops = files.map((file) => {
      const path = resolve(file);
      return { source: basename(path), places: { sources: dirname(path), outputs: out, root } };
    });
    const sizes = await Promise.all(drops.map((drop) => sizeOf(drop.source, here.portsOf(drop))));
    teller.expect(sizes, orders.length);
    for (let drop = drops.shift(); drop; drop = drops.shift()) {
      const [next] = drops;
      if (next) hashAhead(next.source, here.portsOf(next), signal).catch(() => {}); // its own job reports what is wrong
      await takeNamed(drop.source, orders, { ...folderIntake(local, drop.places, menu), send: here.send });
      await here.idle();
      if (signal.aborted) break;
    }
  } finally {
    teller.end({ reports: out, work: { folder: work, bytes: await folderBytes(work) } });
    await local.close();
  }
  return here.exitCode();
}

/** Only a file has a size that tells how long it takes. What is none fails at its turn. */
const sizeOf = async (source: string, { sources }: Ports) => ({
  source,
  bytes: (await sources.head(source).catch(() => undefined))?.bytes ?? 0,
});

/** Hashes the next source while the present one is encoded. Only a file: a pipe would wait, and a device may have no end. */
async function hashAhead(
  source: string,
  { sources, reader }: Pick<Ports, 'sources' | 'reader'>,
  signal: AbortSignal,
): Promise<void> {
  if (await sources.head(source)) await reader.hash(sources.locate(source), { signal, onProgress: () => {} });
}

/** Throws `usage` if two files have the same name, because results are in folders by file name. */
function refuseSameNames(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const name = basename(resolve(file));
    const before = seen.get(name);
    if (before !== undefined && resolve(before) !== resolve(file)) {
      throw usage(`${before} and ${file} would share one folder of results; give them different --out folders`);
    }
    seen.set(name, file);
  }
}
