import process from 'node:process';

/**
 * What the watchdog does: it reads `+pid` and `-pid`, and at the end of its input, which is our end however we end, it
 * kills what is left. A terminal's Ctrl-C is for us alone.
 */
const IN_SH = `
trap '' INT TERM HUP
pids=' '
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) pids="$pids$pid " ;;
    *) case $pids in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
for pid in $pids; do kill -KILL "$pid"; done`;

const IN_NODE = `
const pids = new Set();
let rest = '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) pids[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(1)));
}).on('end', () => {
  for (const pid of pids) try { process.kill(pid, 'SIGKILL'); } catch {}
  process.exit();
});`;

/** Returns the command of the watchdog, as argv: of the system's shell where there is one, which starts at once, else of Node.js. */
export const watchdogProgram = (hasShell: boolean): readonly [string, ...string[]] =>
  hasShell ? [SHELL, '-c', IN_SH] : [process.execPath, '--input-type=commonjs', '-e', IN_NODE];

export const SHELL = '/bin/sh';
