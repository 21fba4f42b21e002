import { expect, it } from '@jest/globals';
import { isOnSharedDrive } from '../../../adapters/local/shared-drive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('a folder on a disk of this machine is on no shared drive, and neither is one that is not there', async () => {
  const folder = await temporaryFolder();
  expect(isOnSharedDrive(folder)).toBe(false);
  expect(isOnSharedDrive(`${folder}/nowhere`)).toBe(false);
});
