const FFMPEG: Readonly<Record<string, string>> = {
  darwin: 'brew install ffmpeg',
  win32: 'winget install --id Gyan.FFmpeg',
  linux: 'apt-get install ffmpeg | apk add ffmpeg | dnf install ffmpeg-free',
};

/** What to type for an ffmpeg on this system (a name of `process.platform`), as the end of a sentence. */
export const howToInstall = (platform: string): string =>
  `${FFMPEG[platform] ?? 'install ffmpeg with libx265'}; or name one in REELMILL_FFMPEG`;
