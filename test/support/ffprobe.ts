import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One stream of a file as ffprobe describes it. */
export async function streamOf(path: string, stream = 'v:0'): Promise<Record<string, string | number>> {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', stream, '-show_streams', path];
  return JSON.parse((await run('ffprobe', args)).stdout).streams[0];
}

/** Times in seconds at which a file's picture has keyframes. */
export async function keyframeTimes(path: string): Promise<number[]> {
  const args = ['-v', 'error', '-of', 'csv=p=0', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags'];
  const { stdout } = await run('ffprobe', [...args, path]);
  return stdout.split('\n').flatMap((line) => (line.includes('K') ? [Number(line.split(',')[0])] : []));
}

/** Frames as raw RGBA, decoded by the ffmpeg at `tool`; its stderr is to be empty. */
export async function decodeRgba(tool: string, path: string, frames: number): Promise<Buffer> {
  const args = ['-v', 'error', '-i', path, '-map', '0:v:0', '-frames:v', `${frames}`, '-pix_fmt', 'rgba'];
  const { stdout, stderr } = await promisify(execFile)(tool, [...args, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  });
  if (stderr.length > 0) throw new Error(stderr.toString());
  return stdout;
}

/** The bytes of a file's first picture packet. */
export async function firstPacket(path: string): Promise<Buffer> {
  const args = ['-v', 'error', '-i', path, '-map', '0:v:0', '-c', 'copy', '-frames:v', '1', '-f', 'data', '-'];
  return (await run('ffmpeg', args, { encoding: 'buffer' })).stdout;
}

/** Every packet of a stream, in order: its time in seconds from the first, and the hash of its bytes. */
export async function packetsOf(path: string, stream: string): Promise<{ seconds: number; hash: string }[]> {
  const packets = await packetsAt(path, stream);
  const first = Math.min(...packets.map(({ seconds }) => seconds));
  return packets.map(({ seconds, hash }) => ({ seconds: seconds - first, hash }));
}

/** The same, its times as the file has them. */
export async function packetsAt(path: string, stream: string): Promise<{ seconds: number; hash: string }[]> {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', stream, '-show_data_hash', 'md5'];
  const { stdout } = await run('ffprobe', [...args, '-show_entries', 'packet=pts_time,data_hash', path]);
  const packets: { pts_time: string; data_hash: string }[] = JSON.parse(stdout).packets;
  return packets.map((packet) => ({ seconds: Number(packet.pts_time), hash: packet.data_hash }));
}

/** Where in the file the packets of a stream lie, in order. */
export async function packetPlaces(path: string, stream: string): Promise<{ at: number; bytes: number }[]> {
  const args = ['-v', 'error', '-of', 'json', '-select_streams', stream, '-show_entries', 'packet=pos,size', path];
  const packets: { pos: string; size: string }[] = JSON.parse((await run('ffprobe', args)).stdout).packets;
  return packets.map(({ pos, size }) => ({ at: Number(pos), bytes: Number(size) }));
}
