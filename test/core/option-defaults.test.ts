import { describe, expect, it } from '@jest/globals';
import { defaultsInEnvironment, defaultsInFile, type KnownCommands, variableOf } from '../../core/option-defaults.ts';

const recipe = { name: 'recipe', kind: 'list', isPath: false } as const;
const out = { name: 'out', kind: 'value', isPath: true } as const;
const set = { name: 'set', kind: 'list', isPath: false } as const;
const remake = { name: 'remake', kind: 'flag', isPath: false } as const;
const minSize = { name: 'min-size', kind: 'value', isPath: false } as const;
const yes = { name: 'yes', kind: 'flag', isPath: false } as const;
const COMMANDS: KnownCommands = { run: [recipe, out, set, remake, minSize, yes], plan: [recipe, out], jobs: [] };

const read = (text: string, command = 'run') =>
  defaultsInFile(Buffer.from(text), 'reelmill.json', command, COMMANDS).map(({ option, value }) => [
    option.name,
    value,
  ]);

describe('reelmill.json', () => {
  it.each([
    { text: '{}', gives: [] },
    {
      text: '{ "out": "a", "min-size": 5 }',
      gives: [
        ['out', 'a'],
        ['min-size', '5'],
      ],
    },
    { text: '{ "recipe": "vj" }', gives: [['recipe', ['vj']]] },
    { text: '{ "recipe": ["vj", "ladder"] }', gives: [['recipe', ['vj', 'ladder']]] },
    { text: '{ "set": { "crf": 24, "lossless": false } }', gives: [['set', ['crf=24', 'lossless=false']]] },
    { text: '{ "remake": true }', gives: [['remake', true]] },
    { text: '{ "out": "a", "run": { "out": "b" } }', gives: [['out', 'b']] },
    { text: '{ "out": "a", "plan": { "out": "b" } }', gives: [['out', 'a']] },
  ])('gives run of $text: $gives', ({ text, gives }) => {
    expect(read(text)).toEqual(gives);
  });

  it('gives a command only the options that it has', () => {
    expect(read('{ "out": "a", "remake": true }', 'plan')).toEqual([['out', 'a']]);
    expect(read('{ "out": "a" }', 'jobs')).toEqual([]);
  });

  it.each([
    { text: '{', says: 'reelmill.json is not JSON' },
    { text: '\xff', says: 'reelmill.json is not JSON' },
    { text: '[]', says: 'it must be an object' },
    { text: 'null', says: 'it must be an object' },
    { text: '{ "out": null }', says: 'reelmill.json: out must be a text, a number, true, false or a list' },
    { text: '{ "otu": "a" }', says: /no option "otu"; there are: .*\(did you mean "out"\?\)/ },
    { text: '{ "plan": { "remake": true } }', says: 'reelmill.json: plan: no option "remake"; there are: out, recipe' },
    { text: '{ "plan": "a" }', says: 'plan must be an object' },
    { text: '{ "out": true }', says: 'reelmill.json: out must be a text or a number' },
    { text: '{ "remake": "yes" }', says: 'remake must be true or false' },
    { text: '{ "recipe": { "vj": true } }', says: 'recipe must be a text or a list of texts' },
    { text: '{ "yes": true }', says: '"yes" can only be given on the command line' },
  ])('$text is refused: $says', ({ text, says }) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringMatching(says) }));
  });
});

describe('the environment', () => {
  const found = (variables: Record<string, string>) =>
    defaultsInEnvironment(variables, COMMANDS.run ?? []).map(({ option, value, from }) => [option.name, value, from]);

  it.each([
    { variables: { REELMILL_OUT: 'a b' }, gives: [['out', 'a b', 'REELMILL_OUT']] },
    { variables: { REELMILL_MIN_SIZE: '5M' }, gives: [['min-size', '5M', 'REELMILL_MIN_SIZE']] },
    { variables: { REELMILL_SET: 'crf=24;preset=slow' }, gives: [['set', ['crf=24', 'preset=slow'], 'REELMILL_SET']] },
    { variables: { REELMILL_REMAKE: '1' }, gives: [['remake', true, 'REELMILL_REMAKE']] },
    { variables: { REELMILL_REMAKE: 'no' }, gives: [['remake', false, 'REELMILL_REMAKE']] },
    { variables: { REELMILL_OUT: '', REELMILL_YES: '1', OUT: 'a' }, gives: [] },
  ])('gives run of $variables: $gives', ({ variables, gives }) => {
    expect(found(variables)).toEqual(gives);
  });

  it('is told what a flag takes', () => {
    expect(() => found({ REELMILL_REMAKE: 'maybe' })).toThrow('REELMILL_REMAKE=maybe is neither yes nor no');
  });

  it('has another name for --root, since REELMILL_ROOT is older', () => {
    expect([variableOf({ name: 'root' }), variableOf({ name: 'min-size' })]).toEqual([
      'REELMILL_RECIPES_ROOT',
      'REELMILL_MIN_SIZE',
    ]);
  });
});
