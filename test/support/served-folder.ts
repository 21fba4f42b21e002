import { startReelmill } from './reelmill.ts';

/** `reelmill serve` in a process of its own, over a folder. */
export async function servedFolder(root: string) {
  const program = startReelmill(['serve', root, '--port', '0', '--no-open', '--json']);
  let said = '';
  program.child.stdout?.on('data', (chunk: string) => {
    said += chunk;
  });
  await program.says('"serving"');
  const url = /"url":"([^"]+)"/.exec(said)?.[1] ?? '';
  return {
    root,
    url,
    close: async () => {
      program.child.kill('SIGTERM');
      await program.ended;
    },
  };
}
