/** What the tables of a broadcast say besides its services (ETSI EN 300 468). */
export type BroadcastSaid = { readonly time?: string; readonly network?: string };

/** The numbers of the packets of the network's table (NIT) and of the time (TDT, TOT), and of those tables. */
export const [NETWORK_PID, TIME_PID] = [0x10, 0x14];
const [OWN_NETWORK, TIME, TIME_AND_OFFSET] = [0x40, 0x70, 0x73];
const NETWORK_NAME = 0x40;
/** The modified Julian day of 1970-01-01. */
const DAY_OF_1970 = 40_587;
const MILLISECONDS_A_DAY = 86_400_000;

/** Reads the payload of a packet in which a section begins: behind a byte that says where. Undefined where it says nothing of these. */
export function broadcastSaidIn(pid: number, payload: Buffer): BroadcastSaid | undefined {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const table = section[0];
  if (pid === TIME_PID && (table === TIME || table === TIME_AND_OFFSET)) {
    const time = timeIn(section.subarray(3, 8));
    return time === undefined ? undefined : { time };
  }
  if (pid !== NETWORK_PID || table !== OWN_NETWORK) return undefined;
  const network = networkIn(section);
  return network === undefined ? undefined : { network };
}

/** Five bytes: a day, and hours, minutes and seconds as decimal digits in half bytes. */
function timeIn(bytes: Buffer): string | undefined {
  if (bytes.length < 5) return undefined;
  const [hours = 99, minutes = 99, seconds = 99] = Array.from(
    bytes.subarray(2),
    (byte) => (byte >> 4) * 10 + (byte & 15),
  );
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const day = (bytes.readUInt16BE(0) - DAY_OF_1970) * MILLISECONDS_A_DAY;
  if (day <= 0) return undefined;
  return new Date(day + ((hours * 60 + minutes) * 60 + seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** The name among the descriptors of the network, as far as it is in the first packet. */
function networkIn(section: Buffer): string | undefined {
  if (section.length < 10) return undefined;
  const end = Math.min(section.length, 10 + (section.readUInt16BE(8) & 0x0fff));
  for (let at = 10; at + 2 <= end; at += 2 + (section[at + 1] ?? 0)) {
    const bytes = section.subarray(at + 2, Math.min(end, at + 2 + (section[at + 1] ?? 0)));
    // a first byte below a space names another table of letters than the Latin one
    if (section[at] === NETWORK_NAME && bytes.length > 0 && (bytes[0] ?? 0) >= 0x20)
      return bytes.toString('latin1').replace(/\p{Cc}/gu, '');
  }
  return undefined;
}
