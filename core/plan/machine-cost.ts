import { listedPrices } from '../storage/list-prices.ts';

/** The memory that goes with each vCPU in an estimate. */
export const GIB_PER_VCPU = 2;

/** Returns what a cost in manifests and plans is based on: a service, a region, and the month of its price. */
export function costBasis(): string {
  const prices = listedPrices();
  return `Fargate Spot, ${prices.region}, ${prices.monthOf('fargateSpotX86VcpuHour') ?? prices.asOf}`;
}

/** Returns what this much CPU time costs on Fargate Spot, with the memory that goes with each vCPU. */
export function costOf(cpuSeconds: number): { readonly usd: number; readonly vcpuHours: number } {
  const prices = listedPrices();
  const vcpuHours = cpuSeconds / 3600;
  const hour = prices.usd('fargateSpotX86VcpuHour') + GIB_PER_VCPU * prices.usd('fargateSpotX86GibHour');
  return { vcpuHours, usd: vcpuHours * hour };
}
