import { Refused } from '../api/refused.ts';
import { type Persistence, persist } from './persist.ts';
import type { SendPorts } from './upload-ports.ts';

type PartToSend = Persistence & {
  readonly upload: string;
  readonly number: number;
  readonly body: Blob;
  /** How many bytes of the part have gone out: 0 again when an attempt failed. */
  onSent(bytes: number): void;
};

/** Sends one part until it has arrived, and returns its checksum. Each attempt gets a URL of its own. */
export async function sendPart(task: PartToSend, ports: SendPorts): Promise<string> {
  const { upload, number, body, onSent, signal } = task;
  const checksum = await ports.checksum(body);
  const attempt = async () => {
    onSent(0);
    const to = await ports.sign(upload, { number, checksum });
    const { status, reason } = await ports.put(to, body, onSent, signal);
    if (status < 200 || status >= 300) throw new Refused({ status, code: 'part', reason });
  };
  await persist(attempt, task, ports);
  return checksum;
}
