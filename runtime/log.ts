import process from 'node:process';
import type { Log } from '../core/ports/log.ts';

/** A log of JSON lines on stdout. It writes nothing if the stack keeps no logs. */
export function jsonLog(logs: 'none' | 'cloudwatch', shared: Readonly<Record<string, unknown>>): Log {
  const line = (level: 'info' | 'error') => (event: string, fields: Readonly<Record<string, unknown>>) => {
    if (logs === 'none') return;
    process.stdout.write(`${JSON.stringify({ level, event, at: new Date().toISOString(), ...shared, ...fields })}\n`);
  };
  return { info: line('info'), error: line('error') };
}
