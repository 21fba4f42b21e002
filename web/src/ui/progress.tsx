/** A bar with its figure for screen readers. Without a share it shows that something goes on, of unknown length. */
export function Progress({ label, share }: { readonly label: string; readonly share: number | undefined }) {
  return share === undefined ? (
    <progress class="progress" aria-label={label} />
  ) : (
    <progress class="progress" aria-label={label} max={1000} value={Math.floor(1000 * share)} />
  );
}

/** Never 100 before all of it is done. */
export const percentOf = (share: number) => `${Math.min(share < 1 ? 99 : 100, Math.floor(100 * share))} %`;
