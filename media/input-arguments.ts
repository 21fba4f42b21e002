import { resolve } from 'node:path';

const CONTAINERS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf,mxf,nut,ivf,dv,gxf';

export const inputArguments = (path: string): string[] => [
  ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', CONTAINERS],
  ...['-i', `file:${resolve(path)}`],
];
