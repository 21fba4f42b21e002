import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';

it('the picture of the architecture shows what its source in docs/aws.md says', async () => {
  const source = /```mermaid\n(.*?)```/s.exec(await readFile('docs/aws.md', 'utf8'))?.[1] ?? '';
  const sha256 = createHash('sha256').update(source).digest('hex');
  // After a change of the source: render it anew with mermaid (mmdc), and name the hash in the first comment.
  expect(await readFile('docs/architecture.svg', 'utf8')).toContain(
    `<!-- rendered from docs/aws.md, sha256 ${sha256} -->`,
  );
});
