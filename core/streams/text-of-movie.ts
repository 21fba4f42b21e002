import { isMovie, type Probe, type Stream } from '../film/probe.ts';

/** Whether a stream is a track of texts of an MP4 or MOV, whose times we read from its tables. */
export const isTextOfMovie = ({ codec }: Pick<Stream, 'codec'>, probe: Pick<Probe, 'format'>): boolean =>
  codec === 'mov_text' && isMovie(probe);
