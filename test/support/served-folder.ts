import { startReelmill } from './reelmill.ts';

/** `reelmill serve` in a process of its own, over a folder. */
export async function servedFolder(root: string) {
  const program = startReelmill(['serve', root, '--port', '0', '--no-open', '--json']);
  const { url } = JSON.parse(await program.line());
  return {
    root,
    url,
    close: async () => {
      program.child.kill('SIGTERM');
      await program.ended;
    },
  };
}
