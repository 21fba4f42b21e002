/**
 * Prices of AWS Fargate Spot, Linux/x86, us-east-1, USD an hour, as listed in 2026-08: for one vCPU, and for one GiB of
 * memory.
 */
export const FARGATE_SPOT = {
  vcpuHour: 0.012144,
  gibHour: 0.0013335,
  gibPerVcpu: 2,
  basis: 'Fargate Spot, us-east-1, 2026-08',
} as const;

/** Returns what this much CPU time costs on Fargate Spot, with the memory that goes with each vCPU. */
export function costOf(cpuSeconds: number): { readonly usd: number; readonly vcpuHours: number } {
  const vcpuHours = cpuSeconds / 3600;
  return { vcpuHours, usd: vcpuHours * (FARGATE_SPOT.vcpuHour + FARGATE_SPOT.gibPerVcpu * FARGATE_SPOT.gibHour) };
}
