import * as z from 'zod/mini';
import { usage } from './errors.ts';
import { isRecord } from './json.ts';
import { didYouMean } from './nearest.ts';

/** An option of a command, as far as a value for it can be given elsewhere than on the command line. */
export type KnownOption = {
  /** Its long name without dashes, as `min-size`. */
  readonly name: string;
  /** A flag is given or not; a list may be given several times. */
  readonly kind: 'flag' | 'value' | 'list';
  readonly isPath: boolean;
};

/** The options of each command, by its name; the name of a command below another is `archive verify`. */
export type KnownCommands = Readonly<Record<string, readonly KnownOption[]>>;

export type OptionValue = boolean | string | readonly string[];

export type OptionDefault = {
  readonly option: KnownOption;
  readonly value: OptionValue;
  /** What gives it, for people: a path or the name of a variable. */
  readonly from: string;
};

/** Confirmations are given where they are asked for, and nowhere else. */
const NEVER: readonly string[] = ['yes', 'delete', 'help', 'version'];

export const canHaveDefault = ({ name }: Pick<KnownOption, 'name'>): boolean => !NEVER.includes(name);

const single = z.union([z.string(), z.number(), z.boolean()]);
const given = z.union([single, z.array(single), z.record(z.string(), single)]);
const fileSchema = z.record(z.string(), z.union([given, z.record(z.string(), given)]));

type Given = z.infer<typeof given>;

/**
 * Reads `reelmill.json`: options by their names for all commands that have them, or below the name of one command for it
 * alone, which counts more. Throws `usage`, which names the file, the key and what is allowed.
 */
export function defaultsInFile(
  bytes: Uint8Array,
  path: string,
  command: string,
  commands: KnownCommands,
): OptionDefault[] {
  const file = parsed(bytes, path);
  const defaults = new Map<string, OptionDefault>();
  const take = (entries: readonly (readonly [string, unknown])[], options: readonly KnownOption[], at: string) => {
    for (const [name, value] of entries) {
      const option = options.find((each) => each.name === name);
      if (option) defaults.set(name, { option, value: givenTo(option, value, `${path}: ${at}${name}`), from: path });
    }
  };
  const known = Object.values(commands).flat();
  const isCommand = (key: string) => Object.hasOwn(commands, key);
  for (const key of Object.keys(file)) if (!isCommand(key)) refuseUnknown(key, known, path, Object.keys(commands));
  take(
    Object.entries(file).filter(([key]) => !isCommand(key)),
    commands[command] ?? [],
    '',
  );
  for (const [name, options] of Object.entries(commands)) {
    const own = Object.hasOwn(file, name) ? file[name] : undefined;
    if (own === undefined) continue;
    if (!isRecord(own)) throw usage(`${path}: ${name} must be an object: { "<option>": <value> }`);
    for (const key of Object.keys(own)) refuseUnknown(key, options, `${path}: ${name}`, []);
    if (name === command) take(Object.entries(own), options, `${name}.`);
  }
  return [...defaults.values()];
}

/** Reads the environment. `REELMILL_MIN_SIZE` is `--min-size`; in a list, `;` separates. Throws `usage`. */
export function defaultsInEnvironment(
  variables: Readonly<Record<string, string>>,
  options: readonly KnownOption[],
): OptionDefault[] {
  return options.filter(canHaveDefault).flatMap((option) => {
    const name = variableOf(option);
    const text = variables[name];
    if (text === undefined || (text === '' && option.kind !== 'flag')) return [];
    return [{ option, value: valueIn(text, option, name), from: name }];
  });
}

/** REELMILL_ROOT names the folder of models, for longer than options have variables. */
export const variableOf = ({ name }: Pick<KnownOption, 'name'>): string =>
  name === 'root' ? 'REELMILL_RECIPES_ROOT' : `REELMILL_${name.toUpperCase().replaceAll('-', '_')}`;

function valueIn(text: string, { kind }: KnownOption, name: string): OptionValue {
  if (kind === 'value') return text;
  if (kind === 'list') return text.split(';').filter((each) => each !== '');
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off|)$/i.test(text)) return false;
  throw usage(`${name}=${text} is neither yes nor no; it takes 1 or 0`);
}

function refuseUnknown(key: string, options: readonly KnownOption[], at: string, commands: readonly string[]): void {
  const names = [...new Set(options.filter(canHaveDefault).map(({ name }) => name))].sort();
  if (names.includes(key)) return;
  if (NEVER.includes(key)) throw usage(`${at}: "${key}" can only be given on the command line`);
  const there = commands.length > 0 ? `${names.join(', ')}; commands: ${commands.join(', ')}` : names.join(', ');
  throw usage(`${at}: no option "${key}"; there are: ${there}${didYouMean(key, names)}`);
}

function parsed(bytes: Uint8Array, path: string): z.infer<typeof fileSchema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw usage(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const found = fileSchema.safeParse(value);
  if (found.success) return found.data;
  const key = found.error.issues[0]?.path.join('.') ?? '';
  throw usage(
    `${path}: ${key === '' ? 'it must be an object' : `${key} must be a text, a number, true, false or a list`}`,
  );
}

function givenTo({ kind, name }: KnownOption, value: unknown, at: string): OptionValue {
  const { data } = given.safeParse(value);
  if (data !== undefined && kind === 'flag' && typeof data === 'boolean') return data;
  if (kind === 'value' && isText(data)) return `${data}`;
  if (kind === 'list' && data !== undefined) {
    if (isText(data)) return [`${data}`];
    if (Array.isArray(data)) return data.map(String);
    if (name === 'set' && isRecord(data)) return Object.entries(data).map(([key, each]) => `${key}=${each}`);
  }
  throw usage(`${at} must be ${KINDS[kind]}`);
}

const KINDS = { flag: 'true or false', value: 'a text or a number', list: 'a text or a list of texts' };

const isText = (value: Given | undefined): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
