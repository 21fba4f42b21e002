import { statfsSync } from 'node:fs';
import process from 'node:process';

/** Kinds of file systems that several machines may have at the same time, as Linux numbers them (statfs(2)). */
const SHARED: Readonly<Record<string, number>> = {
  nfs: 0x6969,
  smb: 0x517b,
  cifs: 0xff534d42,
  smb2: 0xfe534d42,
  fuse: 0x65735546, // sshfs, rclone, s3fs and many others
  '9p': 0x01021997,
  ceph: 0x00c36400,
  afs: 0x5346414f,
  lustre: 0x0bd00bd0,
  gpfs: 0x47504653,
};
const NUMBERS = new Set(Object.values(SHARED));

/** Whether a folder lies on a drive that other machines may have too. Only Linux tells, and a Windows path that names a server. */
export function isOnSharedDrive(folder: string): boolean {
  if (process.platform === 'win32') return folder.startsWith('\\\\');
  if (process.platform !== 'linux') return false;
  try {
    return NUMBERS.has(statfsSync(folder).type >>> 0);
  } catch {
    return false; // whoever uses the folder says what is wrong with it
  }
}
