import { formatBytes } from '../format.ts';
import type { Manifest, StreamFate } from '../job/manifest.ts';
import { type Html, hrefOf, html } from './html.ts';
import { icon } from './icons.ts';

type SourceStream = Manifest['source']['streams'][number];

/** Returns a table of the source's streams: what became of each, and why. */
export function streamFatesTable({ streams, source }: Manifest): Html {
  if (streams.length === 0) return html`<p>No stream is recorded.</p>`;
  const rows = streams.map((stream) => {
    const was = source.streams.find(({ index }) => index === stream.index);
    const aside =
      stream.sidecar === undefined ? undefined : html` <a href="${hrefOf(stream.sidecar)}">${stream.sidecar}</a>`;
    return html`<tr><th scope="row"><span class="number">${stream.index}</span> ${stream.type} <code>${stream.codec}</code><span class="facts">${[was && factsOf(was), ...(stream.marks ?? [])].filter(Boolean).join(', ')}</span></th><td>${fateBadge(stream.fate)}</td><td>${stream.why}${aside}</td></tr>`;
  });
  return html`<table class="streams"><thead><tr><th scope="col">Stream</th><th scope="col">Became</th><th scope="col">Why</th></tr></thead><tbody>${rows}</tbody></table>`;
}

const fateBadge = (fate: StreamFate['fate']) => html`<span class="badge ${fate}">${icon(fate)}${fate}</span>`;

function factsOf({ width, height, pixelFormat, frameRate, channels, sampleRate, language }: SourceStream): string {
  return [
    width !== undefined && height !== undefined ? `${width}×${height}` : undefined,
    pixelFormat,
    frameRate,
    channels === undefined ? undefined : channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`,
    sampleRate === undefined ? undefined : `${sampleRate / 1000} kHz`,
    language,
  ]
    .filter((fact) => fact !== undefined)
    .join(', ');
}

/** Returns a table of the files that hold what the renditions cannot. */
export function sidecarsTable({ sidecars }: Manifest): Html {
  const rows = sidecars.map(
    ({ path, bytes, stream, sha256 }) =>
      html`<tr><th scope="row"><a href="${hrefOf(path)}">${path}</a><span class="facts hash">sha256 ${sha256}</span></th><td>${formatBytes(bytes)}</td><td>stream ${stream}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">File</th><th scope="col">Size</th><th scope="col">Holds</th></tr></thead><tbody>${rows}</tbody></table>`;
}
