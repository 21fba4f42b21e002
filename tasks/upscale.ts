import process from 'node:process';
import type { Menu } from '../core/recipes/menu.ts';
import type { Device } from '../core/upscale/enlargement.ts';
import { assertDevice } from '../runtime/aws/open-task.ts';
import { UPSCALE_ENVIRONMENT } from '../runtime/aws/upscale-config.ts';
import { STEP_ENVIRONMENT, stackConfig } from '../runtime/config.ts';
import { terminationSignal } from '../runtime/termination.ts';
import { TRY_AGAIN } from './exit.ts';
import { exitCodeOfThrown, runTask } from './run-task.ts';
import { serveInvocations } from './serve-invocations.ts';

// The GPU container's program. It runs one step of a job, as tasks/encode.ts does, or serves steps over HTTP if SageMaker
// starts it with "serve". It ends at once if its device is missing, so that no GPU job runs on a processor unnoticed.
process.exit(await main().catch(exitCodeOfThrown));

async function main(): Promise<number> {
  const signal = terminationSignal(TRY_AGAIN);
  const { UPSCALE_DEVICE: device, SAGEMAKER_BIND_TO_PORT: port, INVOCATION_SECONDS } = stackConfig(UPSCALE_ENVIRONMENT);
  await assertDevice(device);
  if (process.argv[2] !== 'serve') return runTask(stackConfig(STEP_ENVIRONMENT), signal, { menu: onDevice(device) });
  const limits = { port: Number(port), limitMs: Number(INVOCATION_SECONDS) * 1000, signal };
  await serveInvocations((config, until) => runTask(config, until, { menu: onDevice(device) }), limits);
  return 0;
}

/** Returns a function that makes this container's device the default of all recipes. */
function onDevice(device: Device): (menu: Menu) => Menu {
  return (menu) => ({
    ...menu,
    recipes: menu.recipes.map((recipe) =>
      recipe.settings.includes('device') ? { ...recipe, defaults: { ...recipe.defaults, device } } : recipe,
    ),
  });
}
