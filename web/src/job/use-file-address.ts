import { useEffect, useState } from 'preact/hooks';
import { useSurroundings } from '../surroundings.ts';

/** The address of a file of a job, for a link or a player; undefined until it is known. It works for hours. */
export function useFileAddress(job: string, path: string | undefined): string | undefined {
  const { call } = useSurroundings();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const ending = new AbortController();
    setUrl(undefined);
    if (path === undefined) return undefined;
    call('file', { params: { job }, query: { path, as: 'url' }, signal: ending.signal }).then(
      (address) => setUrl(address.url),
      () => undefined, // the link is not shown
    );
    return () => ending.abort();
  }, [call, job, path]);
  return url;
}
