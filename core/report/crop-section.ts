import { type Html, html } from './html.ts';

/** A part of a picture, and a JPEG of a frame in which it is framed. */
export type FramedPart = {
  readonly area: { readonly width: number; readonly height: number; readonly left: number; readonly top: number };
  readonly picture: Buffer;
};

/** Returns the section that shows which part of the picture `crop=auto` found, in one frame of the film. */
export function cropSection({ area, picture }: FramedPart): Html {
  const { width, height, left, top } = area;
  const says = `crop=auto found ${width}x${height} at ${left},${top}: what lies outside of the frame is black in all samples.`;
  return html`<section class="card"><h2>Crop</h2><p>${says}</p><img class="crop" alt="A frame of the film with the part that is not black framed" src="data:image/jpeg;base64,${picture.toString('base64')}"></section>`;
}
