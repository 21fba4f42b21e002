/** A graphics card, as its driver tells. What that does not tell is undefined. */
export type Gpu = {
  readonly name: string;
  readonly driver: string;
  /** CUDA's, as "8.9". */
  readonly computeCapability: string | undefined;
  readonly totalBytes: number | undefined;
  readonly freeBytes: number | undefined;
};

/** What `nvidia-smi` is asked, in the order that `gpusIn` reads. */
export const GPU_QUESTION = [
  '--query-gpu=name,driver_version,compute_cap,memory.total,memory.free',
  '--format=csv,noheader,nounits',
] as const;

const MIB = 2 ** 20;

/** The cards in what it answers, one a line; warnings between them are left out. A name may have commas in it. */
export function gpusIn(answer: string): Gpu[] {
  return answer.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const [driver, capability, total, free] = fields.slice(-4);
    const name = fields.slice(0, -4).join(', ');
    if (!name || !driver || !/^\d+(\.\d+)+$/.test(driver)) return [];
    return [{ name, driver, computeCapability: numeral(capability), totalBytes: mib(total), freeBytes: mib(free) }];
  });
}

/** "[N/A]" and "[Not Supported]" stand where a driver does not know. */
const numeral = (field: string | undefined) => (field && /^\d+(\.\d+)?$/.test(field) ? field : undefined);

function mib(field: string | undefined): number | undefined {
  const text = numeral(field);
  return text === undefined ? undefined : Number(text) * MIB;
}
