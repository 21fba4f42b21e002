import { startReelmill } from './reelmill.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `reelmill serve` in a process of its own, over an empty folder. */
export async function servedFolder() {
  const root = await temporaryFolder();
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
