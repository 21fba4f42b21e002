import process from 'node:process';
import { widthOf } from '../../runtime/people.ts';
import { brokenIntoLines, displayWidth, fittedText } from './display-width.ts';

/** Where nobody says how wide the terminal is, help fits this. */
const USUAL_COLUMNS = 80;

const helpWidth = () => widthOf(process.stdout) ?? USUAL_COLUMNS;

/** How commander writes help and errors. */
export const fittedOutput = {
  getOutHelpWidth: helpWidth,
  getErrHelpWidth: helpWidth,
  writeOut: (text: string) => void process.stdout.write(fittedHelp(text, helpWidth())),
  writeErr: (text: string) => void process.stderr.write(fittedText(text, widthOf(process.stderr))),
};

const LEAST_ROOM = 20;

/**
 * Returns a help text whose lines take at most `width` columns. A row of a list goes on below its second column, and an example
 * goes on in a way that a shell takes.
 */
export function fittedHelp(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (displayWidth(line) <= width ? [line] : brokenLine(line, width)))
    .join('\n');
}

function brokenLine(line: string, width: number): readonly string[] {
  const [, before = '', command] = /^( *)(reelmill .*)$/.exec(line) ?? [];
  if (command !== undefined) return brokenCommand(before, command, width);
  const [, first = ''] = /^( *\S+(?: \S+)* {2,})\S/.exec(line) ?? [];
  const [margin = ''] = /^ */.exec(line) ?? [];
  const begin = first !== '' && first.length <= width - LEAST_ROOM ? first : margin;
  const indent = ' '.repeat(begin.length);
  return brokenIntoLines(line.slice(begin.length), width - begin.length).map(
    (part, at) => `${at === 0 ? begin : indent}${part}`,
  );
}

function brokenCommand(before: string, command: string, width: number): readonly string[] {
  const [words = '', comment] = command.split(/\s{2,}(?=# )/);
  const parts = brokenIntoLines(words, width - before.length - 4);
  const lines = parts.map((part, at) => `${before}${at === 0 ? '' : '  '}${part}${at < parts.length - 1 ? ' \\' : ''}`);
  return comment === undefined
    ? lines
    : [
        ...brokenIntoLines(comment, width - before.length).map(
          (each) => `${before}${each.startsWith('#') ? each : `# ${each}`}`,
        ),
        ...lines,
      ];
}
