import type { Command } from 'commander';
import { usage } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';

type Called = { readonly command: Command; readonly rest: readonly string[] };

/** The command that arguments call, and the arguments after its name. */
export function called(command: Command, args: readonly string[]): Called {
  const [name, ...rest] = args;
  const below = command.commands.find((each) => each.name() === name);
  return below ? called(below, rest) : { command, rest: args };
}

/** What is no option and no value of one. */
export function operandsOf(command: Command, args: readonly string[]): string[] {
  const { before, after } = parted(args);
  const named = before.filter((arg, index) => !arg.startsWith('-') && !isValue(command, before, index));
  return [...named, ...after];
}

/** Throws `usage` for a long option that the command has not, and for the name of a file that begins with a dash, before anything is said of options that are missing. */
export function refuseUnknownOption(program: Command, args: readonly string[]): void {
  const { command, rest } = called(program, args);
  const { before } = parted(rest);
  const names = [...command.options, ...program.options].flatMap(({ long }) => (long ? [long] : []));
  const known = [...names, '--help', '--version'];
  for (const [index, arg] of before.entries()) {
    if (/^-[^-]+\./.test(arg) && !isValue(command, before, index))
      throw usage(`unknown option '${arg}'; if it is a file, write ./${arg}`);
    const [name = ''] = arg.split('=');
    if (!name.startsWith('--') || known.includes(name) || isValue(command, before, index)) continue;
    const end = didYouMean(name, known) || `; see reelmill ${command === program ? '' : `${command.name()} `}--help`;
    throw usage(`unknown option '${name}'${end}`);
  }
}

/** Throws `usage` for an argument of a command that takes options alone, and names them. */
export function refuseArguments(program: Command, args: readonly string[]): void {
  const { command, rest } = called(program, args);
  const { options } = command;
  if (command === program || command.commands.length > 0 || command.registeredArguments.length > 0) return;
  if (options.some(({ optional, variadic }) => optional || variadic)) return;
  const [extra] = operandsOf(command, rest);
  if (extra === undefined) return;
  const names = options.filter(({ required }) => required).flatMap(({ long }) => (long ? [long] : []));
  const takes = names.length > 0 ? `; it takes ${names.join(', ')}` : '';
  throw usage(`${fullName(command)} takes no file or other argument, and '${extra}' is one${takes}`);
}

const fullName = (command: Command): string =>
  command.parent?.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();

function parted(args: readonly string[]) {
  const end = args.indexOf('--');
  return end < 0 ? { before: args, after: [] } : { before: args.slice(0, end), after: args.slice(end + 1) };
}

/** Whether the argument is the value of the option before it. */
function isValue({ options }: Command, args: readonly string[], index: number): boolean {
  const before = args[index - 1] ?? '';
  return options.some(({ long, short, required }) => required && (before === long || before === short));
}
