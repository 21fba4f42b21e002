import type { Command } from 'commander';
import { listedValues } from '../../core/settings/listed-values.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { offeredValues } from './offered-values.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A script for a shell that completes commands, options, recipes, settings and their values; anything else is completed as a file name. */
export function completionScript(program: Command, shell: Shell): string {
  if (shell === 'fish') return fish(program);
  return shell === 'bash' ? bash(program) : `autoload -U +X bashcompinit && bashcompinit\n${bash(program)}`;
}

const SETTING_STARTS = Object.keys(SETTINGS).map((name) => `${name}=`);
const SETTING_VALUES = listedValues();

const longOf = ({ options }: Command) => options.flatMap(({ long }) => (long ? [long] : []));

/** The words that may follow a command's name: the commands below it and its options. */
const wordsOf = (command: Command) => [...command.commands.map((each) => each.name()), ...longOf(command), '--help'];

function bash(program: Command): string {
  const rows = below(program).map(({ path, command }) => `    '${path}') words='${wordsOf(command).join(' ')}' ;;`);
  return `_reelmill() {
  local current previous setting values before place words word count
  current="\${COMP_WORDS[COMP_CWORD]}"
  previous="\${COMP_WORDS[COMP_CWORD-1]}"
  setting='' values='' before=''
  if [ "$current" = '=' ]; then setting="$previous" current=''
  elif [ "$previous" = '=' ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}" setting="$previous"
  elif [ "\${current#*=}" != "$current" ] && [ "$previous" = '--set' ]; then
    setting="\${current%%=*}" before="$setting=" current="\${current#*=}"
  fi
  COMPREPLY=()
  case "$setting" in
${SETTING_VALUES.map(({ name, values }) => `    ${name}) values='${values.join(' ')}' ;;`).join('\n')}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -P "$before" -W "$values" -- "$current")); return; fi
  current="$before$current"
  case "$previous" in
    --set) compopt -o nospace 2>/dev/null; COMPREPLY=($(compgen -W '${SETTING_STARTS.join(' ')}' -- "$current")); return ;;
  esac
  place=''
  count=$((COMP_CWORD - 1))
  for word in "\${COMP_WORDS[@]:1:$count}"; do
    case "$place $word" in
${below(program)
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      '${parentOf(path)} ${path.split(' ').at(-1)}') place='${path}' ;;`)
  .join('\n')}
    esac
  done
  values=''
  case "$place $previous" in
${below(program).flatMap(valueRows).join('\n')}
  esac
  if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current")); return; fi
  words=''
  case "$place" in
${rows.join('\n')}
  esac
  if [ -z "$place" ] || [ "\${current#-}" != "$current" ] || [ -z "\${words##* [a-z]*}" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _reelmill reelmill
`;
}

function fish(program: Command): string {
  const commands = program.commands.map(
    (each) => `complete -c reelmill -n __fish_use_subcommand -f -a ${each.name()} -d ${quoted(each.description())}`,
  );
  const options = below(program).flatMap(({ path, command }) => {
    const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`);
    const when = path === '' ? '__fish_use_subcommand' : seen.join('; and ');
    const names =
      path === ''
        ? []
        : command.commands.map(
            (each) => `complete -c reelmill -n ${quoted(when)} -f -a ${each.name()} -d ${quoted(each.description())}`,
          );
    const longs = command.options.flatMap((option) => {
      if (!option.long) return [];
      const values = offeredValues(path, option.long);
      const takes = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : option.required ? ' -r' : '';
      return [
        `complete -c reelmill -n ${quoted(when)} -l ${option.long.slice(2)}${takes} -d ${quoted(option.description)}`,
      ];
    });
    return [...names, ...longs];
  });
  return `${[...commands, ...options].join('\n')}\n`;
}

/** A row of bash's table for each option with values. Those of settings depend on the setting. */
const valueRows = ({ path, command }: Placed): readonly string[] =>
  longOf(command).flatMap((long) => {
    const values = long === '--set' ? [] : offeredValues(path, long);
    return values.length > 0 ? [`    '${path} ${long}') values='${values.join(' ')}' ;;`] : [];
  });

type Placed = { readonly path: string; readonly command: Command };

/** The command and all below it, each with its names after the program's. */
function below(command: Command, path = ''): readonly Placed[] {
  const inner = command.commands.flatMap((each) => below(each, path === '' ? each.name() : `${path} ${each.name()}`));
  return [{ path, command }, ...inner];
}

const parentOf = (path: string) => path.split(' ').slice(0, -1).join(' ');

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
