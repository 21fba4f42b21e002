/** A graphics card as its driver describes it; undefined values are unknown to the driver. */
export type Gpu = {
  readonly name: string;
  readonly driver: string;
  /** CUDA's compute capability, such as "8.9". */
  readonly computeCapability: string | undefined;
  readonly totalBytes: number | undefined;
  readonly freeBytes: number | undefined;
};

/** The arguments for `nvidia-smi`; `gpusIn` reads the fields in this order. */
export const GPU_QUESTION = [
  '--query-gpu=name,driver_version,compute_cap,memory.total,memory.free',
  '--format=csv,noheader,nounits',
] as const;

const MIB = 2 ** 20;

/**
 * The cards in the output of `nvidia-smi`, one per line. Warnings between them are ignored, and a card's name may
 * contain commas.
 */
export function gpusIn(answer: string): Gpu[] {
  return answer.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [driver, capability, total, free] = fields.slice(-4);
    const name = fields.slice(0, -4).join(', ');
    if (!name || !driver || !/^\d+(\.\d+)+$/.test(driver)) return [];
    return [{ name, driver, computeCapability: numeral(capability), totalBytes: mib(total), freeBytes: mib(free) }];
  });
}

/** Drivers write "[N/A]" or "[Not Supported]" for values that they do not know. */
const numeral = (field: string | undefined) => (field && /^\d+(\.\d+)?$/.test(field) ? field : undefined);

function mib(field: string | undefined): number | undefined {
  const text = numeral(field);
  return text === undefined ? undefined : Number(text) * MIB;
}
