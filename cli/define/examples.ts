/** What the help of the program shows behind its commands. */
export const EXAMPLES = `
Examples:
  reelmill run clip.mov --recipe preserve --out ~/archive
  reelmill watch ~/mill
  reelmill plan film.mkv --recipe downscale
  reelmill doctor

Exit codes:
  0 done, 64 usage, 65 bad input, 66 no such input, 69 a tool is missing,
  70 bug, 73 cannot write, 75 try again, 130 interrupted.`;
