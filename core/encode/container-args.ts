import type { JoinPlan } from './join-plan.ts';
import { bytesOfDescription } from './matroska-plan.ts';

/** ffmpeg's arguments for the container of a joined file. */
export function containerArgs({ container, timescale, tag, fragmentSeconds, matroska, notes }: JoinPlan): string[] {
  const ticks = ['-video_track_timescale', `${timescale}`, '-movie_timescale', `${timescale}`];
  switch (container) {
    case 'mp4':
      return [
        ['-tag:v:0', tag],
        ticks,
        fragmentSeconds !== undefined ? fragmentArgs(fragmentSeconds) : ['-movflags', '+faststart'],
        ['-strict', 'experimental', '-f', 'mp4'],
      ].flat();
    case 'mov':
      return ['-tag:v:0', tag, ...ticks, '-movflags', '+faststart', '-f', 'mov'];
    case 'mkv':
    case 'webm':
      return [
        ...(matroska ? ['-metadata_header_padding', `${bytesOfDescription(matroska)}`] : []),
        ...(notes?.kinds.includes('dolbyVision') ? ['-strict', 'unofficial'] : []), // else the muxer leaves out its configuration
        ...['-f', container === 'webm' ? 'webm' : 'matroska'],
      ];
    default:
      return container satisfies never;
  }
}

/**
 * Fragments also begin at keyframes and have one track each, so that they can be reordered (arrangeFragments). The flag `cmaf` is not taken:
 * by it, ffmpeg 7.1 gives pictures negative offsets and no edit list, and every ffmpeg reads such pictures late, by as long as they are reordered.
 */
const fragmentArgs = (seconds: number): string[] =>
  [
    ['-movflags', '+default_base_moof+frag_keyframe+delay_moov+separate_moof+skip_trailer', '-use_editlist', '1'],
    ['-frag_duration', `${seconds * 1e6}`, '-write_tmcd', '0'],
  ].flat();
