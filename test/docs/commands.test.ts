import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { OTHER_VARIABLES } from '../../runtime/config.ts';
import { filesOfTheRepository } from '../support/repository.ts';

/** What stands between backticks or in a fenced block: there, a command is meant to be typed. */
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;

async function documented() {
  const paths = (await filesOfTheRepository()).filter((path) => /^(README|CONTRIBUTING|docs\/.*)\.md$/.test(path));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return texts.flatMap((text, at) => (text.match(CODE) ?? []).map((code) => ({ path: paths[at], code })));
}

describe('the documented commands', () => {
  it('are all scripts of the package', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
    const found = (await documented()).flatMap(({ path, code }) =>
      [...code.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name = '']) => ({ path, name })),
    );
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('are given options that their scripts take', async () => {
    const found = (await documented()).flatMap(({ path, code }) =>
      [...code.matchAll(/npm run (image|package|deploy|smoke|redrive|destroy) +-- ([^\n`|#]*)/g)].flatMap(
        ([, name = '', rest = '']) =>
          [...rest.matchAll(/(?<![\w-])--([a-z]+)/g)].map(([, option = '']) => ({ path, name, option })),
      ),
    );
    expect(found.length).toBeGreaterThan(20);
    const unknown = [];
    for (const { path, name, option } of found) {
      // Every script says in its usage what it takes; --param is the settings' own, for all that read a stage.
      const text = await readFile(`scripts/${name}.mjs`, 'utf8');
      const [, usage = ''] = /const usage =\s*['"]([^\n]*)['"];/.exec(text) ?? [];
      if (!usage.includes(`--${option}`)) unknown.push({ path, name, option });
    }
    expect(unknown).toEqual([]);
  });

  it('of reelmill itself are all there', async () => {
    const files = (await filesOfTheRepository()).filter((path) => /^cli\/(define\/)?[^/]+\.ts$/.test(path));
    const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
    const commands = [...texts.join('\n').matchAll(/\.command\('([\w-]+)/g)].map(([, name]) => name);
    expect(commands).toEqual(expect.arrayContaining(['run', 'watch', 'doctor']));
    const found = (await documented()).flatMap(({ path, code }) =>
      [...code.matchAll(/(?:^|[\n`$(] *)(?:npm run -s reelmill -- |reelmill )([a-z][\w-]*)/g)].map(([, name = '']) => ({
        path,
        name,
      })),
    );
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(({ name }) => !commands.includes(name))).toEqual([]);
  });

  it('have a line for each variable that stands for no option', async () => {
    const page = await readFile('docs/command.md', 'utf8');
    const ofContainers = ['REELMILL_STEP', 'REELMILL_BURST'];
    const named = OTHER_VARIABLES.filter((name) => !ofContainers.includes(name));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('answer in the transcript of the first hour with what the scripts say', async () => {
    const scripts = (await filesOfTheRepository()).filter((path) => /^scripts\/.*\.mjs$/.test(path));
    const sentences = (await Promise.all(scripts.map((path) => readFile(path, 'utf8')))).flatMap((text) =>
      [...text.matchAll(/[`']([^`'\n]{12,})[`']/g)].map(([, sentence = '']) => asPattern(sentence)),
    );
    const [, transcript = ''] = /```console\n([\s\S]*?)```/.exec(await readFile('docs/aws.md', 'utf8')) ?? [];
    const lines = transcript.split('\n').flatMap((line) => /^reelmill: ([^(].*)$/.exec(line)?.[1] ?? []);
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => !sentences.some((sentence) => sentence.test(line)))).toEqual([]);
  });

  it('name files of the repository that are there', async () => {
    const files = await filesOfTheRepository();
    const found = (await documented()).flatMap(({ path, code }) =>
      [
        ...code.matchAll(
          /(?<![\w./<-])((?:scripts|resources|stages|docker)\/[\w./-]+\.(?:mjs|yml|cjs|json|asl|sh|md))\b/g,
        ),
      ].map(([, name = '']) => ({ path, name })),
    );
    expect(found.length).toBeGreaterThan(10);
    // stages/X.yml stands for any stage
    expect(found.filter(({ name }) => !files.includes(name) && !name.startsWith('stages/X'))).toEqual([]);
  });
});

/** A template of a sentence, with anything where it fills something in. */
const asPattern = (template: string) =>
  new RegExp(
    `^${template
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
