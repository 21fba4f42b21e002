import type { Manifest } from '../manifest.ts';
export function reportHtml(
  manifest: Manifest,
  _series: Record<string, readonly { seconds: number; score: number }[]>,
): string {
  return `<pre>${manifest.job}</pre>`;
}
