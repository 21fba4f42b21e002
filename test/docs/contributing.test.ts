import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { STACK_ENVIRONMENT } from '../../runtime/config.ts';
import { startReelmill } from '../support/reelmill.ts';
import { filesOfTheRepository } from '../support/repository.ts';

const read = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');
const typescriptIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.ts'));
const bare = (name: string) => name.replace(/\.ts$/, '');

// What CONTRIBUTING's "To add" tells, held for all that is there. Recipes: test/features/recipe-list, codecs:
// test/features/codec-list, settings and checks: beside this file.

describe('CONTRIBUTING.md', () => {
  const page = read('CONTRIBUTING.md');
  const toAdd = page.slice(page.indexOf('## To add'));

  it.each(['recipe', 'codec', 'setting', 'check', 'function', 'notifier', 'command', 'port'])(
    'tells how a %s is added',
    (what) => {
      expect(toAdd).toMatch(new RegExp(`^\\*\\*An? ${what}\\b.*\\*\\*`, 'm'));
    },
  );

  it('names files and folders that there are', async () => {
    const files = await filesOfTheRepository();
    const named = [...toAdd.matchAll(/`((?:\w[\w-]*\/)+[\w.-]*)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    for (const path of named) expect(files.some((file) => file === path || file.startsWith(path))).toBe(true);
  });
});

describe('every AWS function', () => {
  const template = ['functions.yml', 'thumbnails-on.yml', 'pages-on.yml', 'media-on.yml', 'spending-on.yml']
    .map((name) => read('resources', name))
    .join('\n');
  const declared = [...template.matchAll(/handler: functions\/([\w-]+)\.handler\n\s+role: !Sub \$\{(\w+)\.Arn\}/g)];
  const NAMES = declared.map(([, name = '', role = '']) => ({ name, role }));

  it('is found here: each file that has a handler is declared, and each that is declared is there', () => {
    const handlers = typescriptIn('functions').filter((file) =>
      /^export const handler\b/m.test(read('functions', file)),
    );
    expect(NAMES.map(({ name }) => `${name}.ts`).sort()).toEqual(handlers.sort());
  });

  it.each(NAMES)('$name has its test, its role, its environment and its row in docs/events.md', ({ name, role }) => {
    expect(existsSync(join('test', 'functions', `${name}.test.ts`))).toBe(true);
    expect(read('test', 'functions', `${name}.test.ts`)).toContain(`functions/${name}.ts`);
    const roles = ['function-roles.yml', 'thumbnails-on.yml', 'pages-on.yml', 'media-on.yml', 'spending-on.yml']
      .map((file) => read('resources', file))
      .join('\n');
    expect(roles).toMatch(new RegExp(`^ +${role}:$`, 'm'));
    expect(Object.keys(STACK_ENVIRONMENT)).toContain(name);
    const rows = read('docs', 'events.md')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows.some((row) => row.includes(`\`${name}\``))).toBe(true);
  });
});

describe('every notifier', () => {
  const NOTIFIERS = ['aws', 'local'].flatMap((side) =>
    typescriptIn(join('adapters', side)).flatMap((file) =>
      file.endsWith('-notifier.ts') ? [{ side, name: bare(file) }] : [],
    ),
  );

  it.each(NOTIFIERS)('$name of $side passes the contract', ({ side, name }) => {
    expect(read('test', 'adapters', side, `${name}.test.ts`)).toMatch(/^ *notifierContract\(/m);
  });
});

describe('every port that has two sides', () => {
  it.each(typescriptIn(join('test', 'contracts')).map(bare))(
    '%s has its interface, and both sides pass the contract',
    (name) => {
      expect(existsSync(join('core', 'ports', `${name}.ts`))).toBe(true);
      const tests = ['aws', 'local'].flatMap((side) =>
        typescriptIn(join('test', 'adapters', side)).map((file) => read('test', 'adapters', side, file)),
      );
      const held = tests.filter((text) => text.includes(`contracts/${name}.ts`));
      expect(held.length).toBeGreaterThanOrEqual(2);
    },
  );
});

describe('every command', () => {
  let help: string;
  beforeAll(async () => {
    help = await helpOf();
  });

  async function helpOf(...command: readonly string[]): Promise<string> {
    return (await startReelmill([...command, '--help']).ended).stdout;
  }

  const names = () =>
    [...help.matchAll(/^ {2}([a-z]+) .*$/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));

  it('is in the help, in the README, and run by a test', async () => {
    const tests = (await filesOfTheRepository())
      .filter((path) => /^test\/.*\.ts$/.test(path))
      .map((path) => read(path));
    expect(names().length).toBeGreaterThan(5);
    const inReadme = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('reelmill '));
    for (const name of names()) {
      expect({ name, lines: inReadme.filter((line) => new RegExp(`\\b${name}\\b`).test(line)) }).not.toEqual({
        name,
        lines: [],
      });
      expect({ name, isRun: tests.some((text) => new RegExp(`\\['${name}'|\`${name} `).test(text)) }).toEqual({
        name,
        isRun: true,
      });
    }
  });

  it('has its file in cli/commands, loaded when it is called for', () => {
    const told = ['cli', join('cli', 'define')].flatMap((folder) =>
      typescriptIn(folder).map((file) => read(folder, file)),
    );
    const isLoaded = (file: string) =>
      told.some((text) => new RegExp(`import\\('[.]+/commands/${file}'\\)`).test(text));
    expect(typescriptIn(join('cli', 'commands')).filter((file) => !isLoaded(file))).toEqual([]);
  });
});
