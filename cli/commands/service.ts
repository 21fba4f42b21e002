import { resolve } from 'node:path';
import process from 'node:process';
import { usage } from '../../core/errors.ts';
import { launchdPlist, SERVICE_SYSTEMS, systemdUnit } from '../../core/service-unit.ts';
import { programItself } from '../../runtime/config.ts';
import { printable } from '../terminal/printable.ts';

export type ServiceOptions = { readonly for?: string };

/** Prints a unit that watches the folder, by the very program that prints it. */
export function service(root: string, options: readonly string[], { for: named }: ServiceOptions): number {
  const system = named ?? (process.platform === 'darwin' ? 'launchd' : 'systemd');
  const known = SERVICE_SYSTEMS.find((each) => each === system);
  if (known === undefined)
    throw usage(`--for ${printable(system)} is not known; it takes ${SERVICE_SYSTEMS.join(', ')}`);
  const command = [...programItself(), 'watch', resolve(root), ...options];
  process.stdout.write(known === 'launchd' ? launchdPlist(command) : systemdUnit(command));
  return 0;
}
