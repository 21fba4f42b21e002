import { createRequire } from 'node:module';
import { SetupError } from '../setup-error.mjs';

/** @type {{ FARGATE_ZONES: Readonly<Record<string, readonly string[]>> }} */
const { FARGATE_ZONES } = createRequire(import.meta.url)('../../resources/zones.cjs');

/** The network has a subnet in each of so many. */
const WANTED = 3;

/**
 * Throws one sentence where the account has not the zones of the region in which the network's subnets are to lie.
 * @param {string} region
 */
export async function requireZones(region) {
  const { DescribeAvailabilityZonesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const Filters = [{ Name: 'zone-type', Values: ['availability-zone'] }];
  const asked = new DescribeAvailabilityZonesCommand({ Filters });
  const { AvailabilityZones = [] } = await new EC2Client({ region }).send(asked);
  const there = AvailabilityZones.filter(({ State }) => State === 'available').map(({ ZoneId = '' }) => ZoneId);
  const wanted = (FARGATE_ZONES[region] ?? there).slice(0, WANTED);
  if (wanted.length === WANTED && wanted.every((id) => there.includes(id))) return;
  const wants = FARGATE_ZONES[region] ? wanted.join(', ') : `${WANTED} zones`;
  const has = there.length > 0 ? there.join(', ') : 'none';
  throw new SetupError(
    `the network wants ${wants} of ${region}, and this account has ${has}: choose another with --param region=...`,
    { exitCode: 64 },
  );
}
