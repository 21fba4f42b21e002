import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { LIST_PRICES } from '../../../core/storage/list-prices.ts';
import { eventsIn, reelmill } from '../../support/reelmill.ts';
import { storageCommand as storage } from '../../support/storage-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SIZE = ['--size', '40TB'];
const FIGURES = ['--size', '1920x1080', '--fps', '25', '--minutes', '90'];

/** Each command once, as people and as programs call it. */
const COMMANDS = {
  estimate: ['estimate', ...SIZE],
  'estimate of a mix': ['estimate', ...SIZE, '--mix', 'it-frequent=5,it-deep-archive=95', '--months', '120'],
  'estimate of 900 PB': ['estimate', '--size', '900PB', '--months', '1200'],
  restore: ['restore', '--size', '1TB', '--from', 'deep-archive'],
  'restore from Intelligent-Tiering': ['restore', '--size', '900PB', '--from', 'it-archive'],
  transfer: ['transfer', ...SIZE, '--line', '1Gbps'],
  'transfer out': ['transfer', '--size', '900PB', '--line', '1Mbps', '--direction', 'out'],
  diet: ['diet', '--size', '4096x1728', '--fps', '25', '--minutes', '128', '--final-fps', '24'],
  job: ['job', '--recipe', 'preserve', ...FIGURES],
  'job of a ladder': ['job', '--recipe', 'ladder', ...FIGURES],
  options: ['options', ...SIZE],
  'options for 900 PB': ['options', '--size', '900PB', '--changed', '100', '--viewed', '100', '--lock-days', '36500'],
  prices: ['prices'],
} as const;

async function recordOf(args: readonly string[]) {
  const { code, stdout } = await storage([...args, '--json']);
  return { code, events: eventsIn(stdout), last: eventsIn(stdout).at(-1) };
}

describe('reelmill storage', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  it.each(Object.entries(COMMANDS))('%s prints tables of at most 80 columns', async (_, args) => {
    const { code, stdout, stderr } = await storage(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
    const wide = stdout.split('\n').filter((line) => [...line].length > 80);
    expect(wide).toEqual([]);
  });

  it.each(Object.entries(COMMANDS))('%s has a record for programs', async (_, args) => {
    const { code, events } = await recordOf(args);
    expect(code).toBe(0);
    expect(events).toEqual([expect.objectContaining({ type: `storage.${args[0]}` })]);
    expect(JSON.stringify(events)).not.toContain('null');
  });

  it('says what 40 TB cost: $920 a month in S3 Standard', async () => {
    const { last } = await recordOf(['estimate', ...SIZE, '--mix', 'standard=100']);
    expect(last).toMatchObject({
      bytes: 40e12,
      classes: [{ className: 'standard', storageUsd: 920 }],
      monthlyUsd: 920,
    });
  });

  it('takes the prices of another region, and of an own file', async () => {
    const own = structuredClone(LIST_PRICES);
    Object.assign(own.items.s3GbMonth?.regions['us-east-1'] ?? {}, { usd: 1 });
    const file = join(folder, 'own.json');
    await writeFile(file, JSON.stringify(own));
    const args = ['estimate', ...SIZE, '--mix', 'standard=100'];
    expect((await recordOf([...args, '--prices', file])).last).toMatchObject({ monthlyUsd: 40_000 });
    expect((await recordOf([...args, '--region', 'eu-west-1'])).last).toMatchObject({ region: 'eu-west-1' });
  });

  it('prints its price list as a file that it takes again', async () => {
    const file = join(folder, 'printed.json');
    await writeFile(file, (await storage(['prices', '--json'])).stdout);
    const { code } = await recordOf(['estimate', ...SIZE, '--prices', file]);
    expect(code).toBe(0);
  });

  it.each([
    { name: 'costs.svg', begins: '<?xml' },
    { name: 'costs.HTML', begins: '<!doctype html>' },
  ])('draws $name', async ({ name, begins }) => {
    const { code } = await recordOf(['estimate', ...SIZE, '--chart', join(folder, name)]);
    expect(code).toBe(0);
    const text = await readFile(join(folder, name), 'utf8');
    expect(text.startsWith(begins)).toBe(true);
    expect(text).toContain('40.0 TB');
  });

  it('prices a film that is there', async () => {
    const { last } = await reelmill(['storage', 'job', 'demo/clips/dog-320x180.mp4', '--recipe', 'preserve', '--json']);
    expect(last).toMatchObject({ recipe: 'preserve', work: { way: 'single', sourceBytes: 45_208 } });
  });
});

describe('reelmill storage refuses', () => {
  let folder: string;
  const files: Readonly<Record<string, string>> = {
    'words.json': 'not JSON',
    'lacks.json': JSON.stringify({ ...LIST_PRICES, items: { ...LIST_PRICES.items, s3GbMonth: undefined } }),
    'empty.json': '{}',
  };
  const estimate = (...args: readonly string[]) => ['estimate', ...args];
  const ROWS = [
    { args: estimate(), code: 64, says: /--size is missing; it takes an amount of data, such as 40TB/ },
    { args: estimate('--size', '40'), code: 64, says: /such as 40TB, 500GB or 1\.5TiB, not "40"/ },
    { args: estimate('--size=-40TB'), code: 64, says: /not "-40TB"/ },
    { args: estimate('--size', '0TB'), code: 64, says: /from one byte to 1000 PB/ },
    { args: estimate('--size', '99999PB'), code: 64, says: /from one byte to 1000 PB/ },
    { args: estimate('--size', '4 toString'), code: 64, says: /such as 40TB/ },
    { args: estimate(...SIZE, '--months', '0'), code: 64, says: /--months takes a whole number from 1 to 1200/ },
    { args: estimate(...SIZE, '--months', '1.5'), code: 64, says: /whole number/ },
    { args: estimate(...SIZE, '--objects', '-3'), code: 64, says: /--objects takes a whole number from 1/ },
    { args: estimate(...SIZE, '--object-size', '0GB'), code: 64, says: /--object-size takes from one byte/ },
    { args: estimate(...SIZE, '--read', '101'), code: 64, says: /--read takes a number from 0 to 100/ },
    { args: estimate(...SIZE, '--mix', 'tape=100'), code: 64, says: /no storage class "tape"; there are: standard, / },
    { args: estimate(...SIZE, '--mix', '__proto__=100'), code: 64, says: /no storage class "__proto__"/ },
    { args: estimate(...SIZE, '--mix', 'standard=60'), code: 64, says: /makes 60 %; its parts have to make 100 %/ },
    { args: estimate(...SIZE, '--mix', 'standard'), code: 64, says: /--mix standard takes a number from 0 to 100/ },
    {
      args: estimate(...SIZE, '--region', 'mars-1'),
      code: 64,
      says: /no prices of region "mars-1"; there are: us-east-1/,
    },
    { args: estimate(...SIZE, '--prices', 'none.json'), code: 66, says: /cannot read ".*none\.json"/ },
    { args: estimate(...SIZE, '--prices', '.'), code: 66, says: /a folder has this name/ },
    { args: estimate(...SIZE, '--prices', '/dev/zero'), code: 65, says: /\/dev\/zero is no file/ },
    { args: estimate(...SIZE, '--prices', 'words.json'), code: 65, says: /words\.json is not JSON/ },
    { args: estimate(...SIZE, '--prices', 'lacks.json'), code: 65, says: /lacks\.json lacks the row s3GbMonth/ },
    { args: estimate(...SIZE, '--prices', 'empty.json'), code: 65, says: /empty\.json is not right at asOf/ },
    { args: estimate(...SIZE, '--chart', 'costs.png'), code: 64, says: /ends in \.svg or \.html, not ".*costs\.png"/ },
    { args: estimate(...SIZE, '--chart', 'words.json/costs.svg'), code: 73, says: /words\.json\/costs\.svg/ },
    { args: ['restore', ...SIZE], code: 64, says: /--from/ },
    { args: ['restore', ...SIZE, '--from', 'attic'], code: 64, says: /--from: no storage class "attic"/ },
    { args: ['restore', ...SIZE, '--from', 'glacier', '--days', '0'], code: 64, says: /--days takes a whole number/ },
    { args: ['transfer', ...SIZE], code: 64, says: /--line/ },
    { args: ['transfer', ...SIZE, '--line', '0Gbps'], code: 64, says: /from above 0 to 100 Tbps/ },
    { args: ['transfer', ...SIZE, '--line', '1GB'], code: 64, says: /such as 250Mbps or 1Gbps, not "1GB"/ },
    {
      args: ['transfer', ...SIZE, '--line', '1Gbps', '--direction', 'up'],
      code: 64,
      says: /takes in or out, not "up"/,
    },
    {
      args: ['diet', '--size', '0x0', '--fps', '25', '--minutes', '5'],
      code: 64,
      says: /such as 4096x1728, not "0x0"/,
    },
    { args: ['diet', '--size', '4096x1728', '--minutes', '5'], code: 64, says: /--fps is missing/ },
    { args: ['diet', '--size', '4096x1728', '--fps', '1e9', '--minutes', '5'], code: 64, says: /--fps takes a number/ },
    { args: ['job', '--recipe', 'preserve'], code: 64, says: /give a file, or all of --size/ },
    { args: ['job', '--recipe', 'tape', ...FIGURES], code: 64, says: /"tape"/ },
    {
      args: ['job', '--recipe', 'preserve', '--size', '1920x1080', '--fps', '25', '--minutes', 'Infinity'],
      ...{ code: 64, says: /--minutes is "Infinity", of at most 100000; give a file/ },
    },
    {
      args: ['job', '--recipe', 'preserve', ...FIGURES, '--disk', '5'],
      code: 64,
      says: /--disk takes a whole number from 21/,
    },
    { args: ['options'], code: 64, says: /--size is missing/ },
    { args: ['options', ...SIZE, '--changed', '101'], code: 64, says: /--changed takes a number from 0 to 100/ },
    { args: ['options', ...SIZE, '--lock-days', '0'], code: 64, says: /--lock-days takes a whole number from 1/ },
    { args: ['options', ...SIZE, '--backup-days', '6'], code: 64, says: /--backup-days takes a whole number from 7/ },
    { args: ['options', ...SIZE, '--replica-class', 'attic'], code: 64, says: /no storage class "attic"; there are/ },
    { args: ['options', ...SIZE, '--replica-class', 'it-archive'], code: 64, says: /no storage class "it-archive"/ },
    { args: ['auction'], code: 64, says: /unknown command 'auction'/ },
  ];

  beforeAll(async () => {
    folder = await temporaryFolder();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  });
  /** Names of files mean those of this folder. */
  const placed = (arg: string) => (/^[\w./]+\.(json|svg|png)$|^\.$/.test(arg) ? join(folder, arg) : arg);

  it.each(ROWS)('$args with one sentence and exit code $code', async ({ args, code, says }) => {
    const run = await storage(args.map(placed));
    expect(run).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    { args: ['estimate', '--size', '40'], code: 64, says: /not "40"/ },
    { args: ['estimate', ...SIZE, '--prices', 'lacks.json'], code: 65, says: /lacks the row s3GbMonth/ },
    {
      args: ['diet', 'film.mov'],
      code: 64,
      says: /diet takes no file .*'film.mov' is one; it takes --size, --pre, --fps, /,
    },
    { args: ['job', '--recipe', 'preserve', 'none.mp4'], code: 66, says: /none\.mp4/ },
  ])('$args as a program of its own', async ({ args, code, says }) => {
    const run = await reelmill(['storage', ...args, '--json'], { cwd: folder });
    expect({ code: run.code, last: run.last }).toEqual({
      code,
      last: { type: 'job.failed', code: expect.any(String), reason: expect.stringMatching(says) },
    });
  });
});
