import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { filesOfTheRepository } from '../support/repository.ts';

/** What stands between backquotes: a file of ours, a name that code exports, or a thing that users see. */
type Span = { readonly text: string; readonly file: string | undefined };

/** `name` (`file`): the file in brackets is where the name is exported. */
const SPANS = /`([^`]+)`(?: \(`([\w./-]+\.ts)`\))?/g;
const SOURCE = /^[\w-]+(?:\/[\w.-]+)+\.ts$/;
/** As functions, types and tables are called; also `run` and `sweep`, where a file follows. */
const CODE_NAME = /^(?:[a-z][a-z0-9]*[A-Z]\w*|[A-Z]\w+)$/;

describe('the walk of a drop in docs/architecture.md', () => {
  let spans: readonly Span[];
  let files: ReadonlySet<string>;
  beforeAll(async () => {
    const page = await readFile('docs/architecture.md', 'utf8');
    const [, walk = ''] = /\n## A drop, step by step\n([\s\S]*?)(?=\n## |$(?![\s\S]))/.exec(page) ?? [];
    const prose = walk.replace(/\n\(/g, ' ('); // a bracket that a new line begins with
    spans = [...prose.matchAll(SPANS)].map(([, text = '', file]) => ({ text, file }));
    files = new Set(await filesOfTheRepository());
  });

  it('names files that are there', () => {
    const named = spans.flatMap(({ text, file }) => [text, file ?? ''].filter((each) => SOURCE.test(each)));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((each) => !files.has(each))).toEqual([]);
  });

  it('names what those files export', async () => {
    const pairs = spans.flatMap(({ text, file }) => (file === undefined ? [] : [{ text, file }]));
    const missing = [];
    for (const { text, file } of pairs) {
      const source = await readFile(file, 'utf8').catch(() => '');
      const isExported = new RegExp(`^export (?:async )?(?:function|const|type|class|interface) ${text}\\b`, 'm');
      if (!isExported.test(source)) missing.push(`${text} in ${file}`);
    }
    expect(pairs.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  it('says of every name of code where it is', async () => {
    const told = new Set(spans.flatMap(({ text, file }) => (file === undefined ? [] : [text])));
    const sources = new Set(spans.flatMap(({ file }) => file ?? []));
    const texts = await Promise.all([...sources].map((file) => readFile(file, 'utf8').catch(() => '')));
    const untold = spans.filter(({ text }) => CODE_NAME.test(text) && !told.has(text));
    // a second name that a file told of exports, as `takeNamed` beside `takeDrop`
    const isBeside = (name: string) => texts.some((text) => new RegExp(`^export .*\\b${name}\\b`, 'm').test(text));
    expect(untold.map(({ text }) => text).filter((name) => !isBeside(name))).toEqual([]);
  });

  it('goes from the event to the manifest', () => {
    const order = [
      'functions/on-drop.ts',
      'app/intake/take-drop.ts',
      'app/run/run-job.ts',
      'app/run/make-job.ts',
      'app/publish/publish.ts',
    ];
    const first = order.map((file) => spans.findIndex((span) => span.file === file));
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(first).not.toContain(-1);
  });
});
