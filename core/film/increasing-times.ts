/**
 * The filter that moves a picture that does not come later than the one before to the next tick, as ffmpeg's muxers do. Damage
 * gives several pictures one time; those who hash the pictures of a film and those who encode them then see the same times.
 */
export const INCREASING_TIMES = "setpts='if(isnan(PREV_OUTPTS),PTS,max(PTS,PREV_OUTPTS+1))'";
