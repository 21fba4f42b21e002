// Packages every stage and lets cfn-lint read the templates: npm run lint:cloudformation
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYED_STAGES, framework, packageFolder } from './aws/framework.mjs';
import { runHere } from './child.mjs';
import { ensureReady, ROOT } from './setup.mjs';
import { exitWith } from './setup-error.mjs';

await exitWith(async () => {
  await ensureReady({ need: ['packages', 'cfn-lint'] });
  const templates = [];
  for (const stage of DEPLOYED_STAGES) {
    const folder = packageFolder(stage);
    const code = await framework('package', { stage, param: [] }, ['--package', folder]);
    if (code !== 0) return code;
    const names = (await readdir(folder)).filter((name) => /^cloudformation-template-.*\.json$/.test(name));
    templates.push(...names.map((name) => join(folder, name)));
  }
  const code = await runHere('cfn-lint', templates, { cwd: ROOT });
  if (code === 0) console.log(`cfn-lint finds nothing in ${templates.length} templates`);
  return code;
});
