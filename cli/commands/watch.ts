export async function watch(_root: string, _o: unknown): Promise<number> {
  return 0;
}
