// What would be deployed, without credentials or network: npm run package [-- --stage X --param name=value]
import { DEPLOYED_STAGES, framework, packageFolder } from './aws/framework.mjs';
import { stageOptions } from './aws/options.mjs';
import { ensureReady } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

const usage = 'npm run package [-- --stage dev|test|prod] [--param name=value]';

await exitWith(async () => {
  await ensureReady({ need: ['packages'] });
  const args = process.argv.slice(2);
  const wanted = args.length > 0 ? [args] : DEPLOYED_STAGES.map((stage) => ['--stage', stage]);
  for (const each of wanted) {
    const options = stageOptions(each, { usage });
    const code = await framework('package', options, ['--package', packageFolder(options.stage)]);
    if (code !== 0) return code;
  }
});
