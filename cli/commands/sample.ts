import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { jobOfNamed } from '../../app/intake/take-drop.ts';
import { type Trial, trySettings } from '../../app/plan/try-settings.ts';
import { requestFor } from '../../app/request-for.ts';
import { usage } from '../../core/errors.ts';
import { HIDDEN_FOLDER } from '../../core/job/result-place.ts';
import type { Metric } from '../../core/quality/metric.ts';
import type { TriedSettings } from '../../core/quality/try-before.ts';
import { ordersFor } from '../../core/recipes/menu.ts';
import type { Recipe } from '../../core/recipes/recipe.ts';
import { sampleHtml } from '../../core/report/sample-html.ts';
import { resolveSettings } from '../../core/settings/settings.ts';
import { folderIntake } from '../../runtime/folder-intake.ts';
import { openLocal, withTemporaryFolder } from '../../runtime/local-ports.ts';
import { menuArgument } from '../arguments/menu-argument.ts';
import { recipesArgument } from '../arguments/recipes-argument.ts';
import { settingsArgument } from '../arguments/settings-argument.ts';
import { sampleLine, sampleTable } from '../telling/sample-table.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { say } from '../terminal/say.ts';

export type SampleCommandOptions = {
  readonly recipe: string;
  readonly set: readonly string[];
  readonly maxPercent?: string;
  readonly out?: string;
  readonly root?: string;
  readonly json?: boolean;
};

/** Tries settings on parts of a film, tells sizes, quality and speed, and writes a page with the pictures. */
export async function sample(file: string, options: SampleCommandOptions): Promise<number> {
  const menu = await menuArgument(options.root);
  const [recipe, ...more] = recipesArgument([options.recipe], menu);
  if (!recipe || more.length > 0) throw usage('sample takes one recipe; name one by --recipe');
  const variants = variantsOf(recipe, options.set);
  const maxPercent = percentOf(options.maxPercent);
  const path = resolve(file);
  const signal = interruptSignal();
  const onTried = (tried: TriedSettings, metric: Metric) => {
    if (options.json) process.stdout.write(`${JSON.stringify({ type: 'sample.tried', metric, ...tried })}\n`);
    say(sampleLine(tried, metric));
  };
  return withTemporaryFolder(async (work) => {
    const local = await openLocal(work, signal, () => {}, options.root && resolve(options.root));
    try {
      const places = { sources: dirname(path), outputs: work };
      const [order] = ordersFor([recipe], {});
      if (!order) throw usage('sample takes one recipe; name one by --recipe');
      const job = await jobOfNamed(
        basename(path),
        order,
        folderIntake(local, places, async () => menu),
      );
      const request = { ...requestFor(job, menu), variants, maxPercent, onTried };
      const tracking = { signal, emit: () => {}, record: async () => {} };
      const trial = await trySettings(request, local.portsFor(places), tracking);
      const outputs = local.portsFor({ sources: dirname(path), outputs: resolve(options.out ?? SAMPLES) }).outputs;
      const name = `${basename(path)}.sample.html`;
      await outputs.write(name, pageOfTrial(basename(path), recipe, trial), 'text/html; charset=utf-8');
      tell(trial, outputs.locate(name), options);
      return 0;
    } finally {
      await local.close();
    }
  });
}

const pageOfTrial = (source: string, { id }: Recipe, trial: Trial) => sampleHtml({ source, recipe: id, ...trial });

function tell({ tried, metric }: Trial, page: string, { json }: SampleCommandOptions): void {
  if (json) process.stdout.write(`${JSON.stringify({ type: 'sample.done', page })}\n`);
  say(`${sampleTable(tried, metric)}\npictures side by side: ${printable(page)}`);
}

/** All that is no film lies in the hidden folder, unless somebody says where the page is to be. */
const SAMPLES = join(HIDDEN_FOLDER, 'samples');

const MOST_VARIANTS = 12;

/** Every combination of the values that the settings are given. A value that is valid as a whole is one value, commas and all. */
function variantsOf(recipe: Recipe, set: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const given = Object.entries(settingsArgument(set.length > 0 ? set : ['crf=23,26,28']));
  if (given.some(([name]) => name === 'vmaf'))
    throw usage('sample measures the quality of settings; vmaf searches for one: use run');
  const combined = given.reduce<readonly Readonly<Record<string, string>>[]>(
    (all, [name, text]) =>
      valuesOf(recipe, name, String(text)).flatMap((value) => all.map((each) => ({ ...each, [name]: value }))),
    [{}],
  );
  if (combined.length <= MOST_VARIANTS) return combined;
  throw usage(`these are ${combined.length} sets of settings; at most ${MOST_VARIANTS} can be tried at once`);
}

function valuesOf(recipe: Recipe, name: string, text: string): readonly string[] {
  try {
    resolveSettings(recipe, { [name]: text });
    return [text];
  } catch (error) {
    const parts = text.split(',').map((part) => part.trim());
    if (parts.length === 1) throw error;
    for (const part of parts) resolveSettings(recipe, { [name]: part });
    return [...new Set(parts)];
  }
}

function percentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text);
  if (text.trim() !== '' && percent > 0 && percent <= 1000) return percent;
  throw usage(`--max-percent ${text} is no percentage; it takes a number above 0, as 80`);
}
