import type { SendPorts } from './upload-ports.ts';

/** A line over which nothing moves for so long is taken for broken. */
const SILENT_MS = 60_000;

/** Sends bytes to a signed address. XMLHttpRequest, because fetch does not tell how much has gone out. */
export const putPart: SendPorts['put'] = ({ url, headers }, body, onSent, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
    };
    const broken = (reason: string) => {
      end();
      resolve({ status: 0, reason });
    };
    const abort = () => {
      end();
      request.abort();
      reject(signal.reason);
    };
    const moves = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        broken('nothing has gone out for a minute');
        request.abort();
      }, SILENT_MS);
    };
    request.upload.onprogress = ({ loaded }) => {
      moves();
      onSent(Math.min(loaded, body.size));
    };
    request.onload = () => {
      end();
      resolve({ status: request.status, reason: saidBy(request) });
    };
    request.onerror = () => broken('the line broke');
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    moves();
    request.send(body);
  });

/** The API answers in JSON, S3 in XML. */
function saidBy({ status, responseText }: XMLHttpRequest): string {
  const reason = /"reason":\s*"([^"]+)"/.exec(responseText)?.[1] ?? /<Message>([^<]+)</.exec(responseText)?.[1];
  return reason ?? `the server answered ${status}`;
}
