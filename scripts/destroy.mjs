// Removes a stack and all it kept: npm run destroy -- --stage dev|test|prod [--yes] [--unprotect] [--bypass-governance]
import { createInterface } from 'node:readline/promises';
import { endWork } from './aws/end-work.mjs';
import { framework } from './aws/framework.mjs';
import { callerIdentity } from './aws/identity.mjs';
import { requireUnlocked } from './aws/object-lock.mjs';
import { stageOptions } from './aws/options.mjs';
import { contentOf, emptyThing, removeThing, thingsOf, whyLeft } from './aws/removal.mjs';
import { exitWithSentence } from './aws/sentences.mjs';
import { describeStack, stackName, unprotect } from './aws/stack.mjs';
import { ensureReady } from './setup.mjs';
import { SetupError, say } from './setup-error.mjs';

const usage = 'npm run destroy -- --stage dev|test|prod [--yes] [--unprotect] [--bypass-governance]';
const flag = /** @type {const} */ ({ type: 'boolean' });

await exitWithSentence(async () => {
  await ensureReady({ need: ['packages'] });
  const options = stageOptions(process.argv.slice(2), {
    usage,
    options: { yes: flag, unprotect: flag, 'bypass-governance': flag },
  });
  const { region } = options.settings;
  const name = stackName(options.stage);
  const stack = await describeStack(options);
  const things = await thingsOf(options.stage, region);
  if (!stack && things.length === 0) throw new SetupError(`nothing of ${name} is in ${region}`, { exitCode: 66 });
  if (stack?.protectedFromDeletion && !options.more.unprotect) {
    throw new SetupError(`${name} is protected from deletion; --unprotect says that you mean it`, { exitCode: 64 });
  }
  for (const thing of things) {
    const content = await contentOf(thing, region);
    if (content) say(`${thing.name}: ${content}`);
  }
  const how = { bypassGovernance: options.more['bypass-governance'] === true };
  for (const thing of things) if (thing.kind === 'bucket') await requireUnlocked(thing.name, { region, ...how });
  if (!options.more.yes) await confirm(name);
  if (stack) {
    if (stack.protectedFromDeletion) await unprotect(stack);
    await endWork({ stage: options.stage, region, caller: await callerIdentity(region) });
    for (const thing of things) await emptyThing(thing, region, how);
    const code = await framework('remove', options);
    if (code !== 0) return code;
  }
  for (const thing of await thingsOf(options.stage, region)) await removeThing(thing, region, how);
  report(name, await thingsOf(options.stage, region));
});

/** @param {string} name */
async function confirm(name) {
  if (!process.stdin.isTTY) throw new SetupError('nobody is here to confirm: pass --yes', { exitCode: 64 });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`All of it goes, for good. Type ${name} to go on: `);
  lines.close();
  if (answer.trim() !== name) throw new SetupError('nothing was removed', { exitCode: 64 });
}

/**
 * @param {string} name
 * @param {readonly import('./aws/removal.mjs').Thing[]} left
 */
function report(name, left) {
  if (left.length === 0) return say(`nothing of ${name} is left`);
  for (const thing of left) console.log([thing.arn, whyLeft(thing)].filter(Boolean).join('  '));
  say(`${left.length} things still carry the tags of ${name}, listed above`);
}
