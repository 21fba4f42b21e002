import type { Command, Option } from 'commander';
import { didYouMean } from '../../core/nearest.ts';
import {
  canHaveDefault,
  defaultsInEnvironment,
  defaultsInFile,
  type KnownCommands,
  type KnownOption,
  type OptionDefault,
  type OptionValue,
  variableOf,
} from '../../core/option-defaults.ts';
import { OTHER_VARIABLES, optionVariables } from '../../runtime/config.ts';
import { findDefaultsFile, folderOf, pathBeside } from '../../runtime/option-sources.ts';
import { called, operandsOf } from './called-command.ts';
import { asDefaults } from './collect.ts';

/**
 * Gives the command that `args` call the defaults that the environment and the nearest reelmill.json have for its options. The
 * command line counts most, then the environment, then the file. Returns these defaults. Throws `usage`.
 */
export async function giveDefaults(program: Command, args: readonly string[]): Promise<readonly OptionDefault[]> {
  const { command, rest } = called(program, args);
  if (command === program || rest.some((arg) => arg === '--help' || arg === '-h')) return [];
  const found = await defaultsFor(command, program, await folderOf(operandsOf(command, rest)));
  for (const [attribute, value] of valuesOf(command, found))
    command.setOptionValueWithSource(attribute, typeof value === 'object' ? asDefaults(value) : value, 'env');
  return found;
}

export type CommandDefault = OptionDefault & { readonly commands: readonly string[] };

/** Every default that some command would get in the current folder, for people to see where it comes from. */
export async function everyDefault(program: Command): Promise<readonly CommandDefault[]> {
  const all = new Map<string, CommandDefault>();
  for (const command of below(program)) {
    for (const found of await defaultsFor(command, program, await folderOf([]))) {
      const key = JSON.stringify([found.option.name, found.value, found.from]);
      all.set(key, { ...found, commands: [...(all.get(key)?.commands ?? []), pathOf(command)] });
    }
  }
  return [...all.values()];
}

/** Names that begin like an option's variable and are none. */
export const strangeVariables = (program: Command): readonly string[] => {
  const known = [...OTHER_VARIABLES, ...below(program).flatMap((each) => knownOptions(each).map(variableOf))];
  return Object.keys(optionVariables()).flatMap((name) =>
    known.includes(name) ? [] : [`${name} means nothing${didYouMean(name, known)}`],
  );
};

async function defaultsFor(command: Command, program: Command, folder: string): Promise<readonly OptionDefault[]> {
  const environment = defaultsInEnvironment(optionVariables(), knownOptions(command));
  const file = await findDefaultsFile(folder);
  const inFile = file ? defaultsInFile(file.bytes, file.path, pathOf(command), knownCommands(program)) : [];
  return withoutOverruled([...inFile.map(resolved), ...environment]);
}

/** A later default overrules an earlier one of the same option, and of settings the same setting. */
function withoutOverruled(found: readonly OptionDefault[]): readonly OptionDefault[] {
  return found.flatMap((each, index) => {
    const later = found.slice(index + 1).filter(({ option }) => option.name === each.option.name);
    if (later.length === 0) return [each];
    if (each.option.name !== 'set' || typeof each.value !== 'object') return [];
    const keys = later.flatMap(({ value }) => (typeof value === 'object' ? value.map(keyOf) : []));
    return [{ ...each, value: each.value.filter((pair) => !keys.includes(keyOf(pair))) }];
  });
}

const keyOf = (pair: string) => pair.slice(0, pair.indexOf('='));

/** The values by the names under which the command has them; lists of one option are put together. */
function valuesOf({ options }: Command, found: readonly OptionDefault[]): ReadonlyMap<string, OptionValue> {
  const values = new Map<string, OptionValue>();
  for (const { option, value } of found) {
    const attribute = options.find((each) => each.name() === option.name)?.attributeName() ?? option.name;
    const before = values.get(attribute);
    const isMore = typeof before === 'object' && typeof value === 'object';
    values.set(attribute, isMore ? [...before, ...value] : value);
  }
  return values;
}

/** Paths in a file are meant from the file's folder. */
function resolved(found: OptionDefault): OptionDefault {
  const { option, value, from } = found;
  if (!option.isPath || typeof value === 'boolean') return found;
  const beside = (path: string) => pathBeside(from, path);
  return { ...found, value: typeof value === 'string' ? beside(value) : value.map(beside) };
}

/** Every command of the program by its name, with its options. */
export const knownCommands = (program: Command): KnownCommands =>
  Object.fromEntries(below(program).map((command) => [pathOf(command), knownOptions(command)]));

const below = (command: Command): Command[] => command.commands.flatMap((each) => [each, ...below(each)]);

const knownOptions = ({ options }: Command): readonly KnownOption[] => options.map(known).filter(canHaveDefault);

function known(option: Option): KnownOption {
  const takesValue = option.required || option.optional;
  const isList = option.parseArg !== undefined && takesValue;
  return {
    name: option.name(),
    kind: isList ? 'list' : takesValue ? 'value' : 'flag',
    isPath: /<(dir|file|folder)>/.test(option.flags),
  };
}

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
