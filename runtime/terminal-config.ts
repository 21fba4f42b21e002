/**
 * What the environment says of the terminal: NO_COLOR (no-color.org) forbids colours, TERM=dumb knows no cursor, COLUMNS is the
 * width of what is no terminal. It stands apart from runtime/config.ts, so that the help of a command loads no schemas.
 */
export const terminalConfig = () => ({
  noColour: (process.env.NO_COLOR ?? '') !== '',
  isDumb: process.env.TERM === 'dumb',
  columns: /^[1-9]\d{1,3}$/.test(process.env.COLUMNS ?? '') ? Number(process.env.COLUMNS) : undefined,
});
