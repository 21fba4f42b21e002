import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { planDrop } from '../../../app/plan/plan-drop.ts';
import { asServiceError } from '../../../core/errors.ts';
import { collectedKeys } from '../../../core/job/drop.ts';
import { jobIdOf } from '../../../core/job/job.ts';
import { recipeNamed } from '../../../core/recipes/index.ts';
import { type LocalPorts, openLocal } from '../../../runtime/local-ports.ts';

/** How a plan ended, as a line of JSON. */
export type PlanAnswer = { readonly code: number; readonly failure?: string };

/**
 * Plans each file whose path arrives on stdin, one a line, and answers on stdout, until stdin ends. It is what `plan` does,
 * without a start of the command for each file, which would take most of a storm's time.
 */
export async function servePlans(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'reelmill-plans-'));
  const { signal } = new AbortController();
  const local = await openLocal(work, signal, () => {});
  try {
    for await (const path of createInterface({ input: process.stdin }))
      process.stdout.write(`${JSON.stringify(await answerFor(path, local, work, signal))}\n`);
  } finally {
    await local.close();
    await rm(work, { recursive: true, force: true });
  }
}

async function answerFor(path: string, local: LocalPorts, outputs: string, signal: AbortSignal): Promise<PlanAnswer> {
  const recipe = recipeNamed('preserve');
  const source = basename(path);
  const id = jobIdOf({ store: outputs, recipe: recipe.id, source, version: '' });
  const request = { source, recipe, settings: {}, ...collectedKeys(recipe.id, source), id };
  try {
    await planDrop(request, local.portsFor({ sources: dirname(path), outputs }), signal);
    return { code: 0 };
  } catch (error) {
    const { exitCode, code } = asServiceError(error);
    return { code: exitCode, failure: code };
  }
}
