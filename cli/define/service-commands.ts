import type { Command } from 'commander';

/** Adds the commands that look after this machine and the command itself. `exit` receives each one's exit code. */
export function addServiceCommands(program: Command, exit: (code: number) => void): void {
  program
    .command('doctor')
    .description('show what this machine can encode, what is missing, and which defaults are set')
    .option('--json', 'JSON on stdout')
    .action(async (options) => {
      const { everyDefault, strangeVariables } = await import('../arguments/command-defaults.ts');
      const found = { defaults: await everyDefault(program), strange: strangeVariables(program) };
      exit(await (await import('../commands/doctor.ts')).doctor(options, found));
    });
  program
    .command('fetch')
    .description('fetch what is fetched at first need, for work without a network: onnxruntime-node, for upscale')
    .argument('<part>', 'onnxruntime-node')
    .action(async (part: string) => exit(await (await import('../commands/fetch.ts')).fetchNow(part)));

  const work = ['--work <dir>', 'its work folder, or the folder of results'] as const;
  program
    .command('pause')
    .description('stop the work on a folder of results, also in the middle of an encode, until resume')
    .argument('[out]', 'the folder of results (--out of run, ROOT of watch)')
    .option(...work)
    .action(async (out: string | undefined, options) =>
      exit(await (await import('../commands/pause.ts')).pause({ work: options.work ?? out })),
    );
  program
    .command('resume')
    .description('let paused work go on where it stopped')
    .argument('[out]', 'the folder of results')
    .option(...work)
    .action(async (out: string | undefined, options) =>
      exit(await (await import('../commands/pause.ts')).resume({ work: options.work ?? out })),
    );

  program
    .command('completion')
    .description('print a script that completes commands, options, recipes and settings')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', COMPLETION)
    .action(async (shell: string) => exit((await import('../commands/completion.ts')).completion(program, shell)));
  program
    .command('service')
    .description('print a unit for systemd (Linux) or launchd (macOS) that watches a folder from each start on')
    .argument('<root>', 'the folder that watch works on')
    .argument('[options...]', 'options for watch, after --')
    .option('--for <system>', 'systemd or launchd (default: what this machine has)')
    .addHelpText('after', SERVICE)
    .action(async (root: string, rest: string[], options) =>
      exit((await import('../commands/service.ts')).service(root, rest, options)),
    );
}

const COMPLETION = `
Examples:
  reelmill completion bash > ~/.local/share/bash-completion/completions/reelmill
  reelmill completion zsh >> ~/.zshrc
  reelmill completion fish > ~/.config/fish/completions/reelmill.fish`;

const SERVICE = `
Examples:
  reelmill service ~/mill > ~/.config/systemd/user/reelmill.service
  systemctl --user enable --now reelmill
  reelmill service ~/mill -- --schedule 22:00-07:00`;
