import process from 'node:process';

/**
 * Keeps onnxruntime from sending what it is used for to its maker, which official builds do since 1.29, and from writing an
 * identifier of the machine. Call it on the main thread before the library is loaded, whose environment is the process's; the
 * copy that another thread has is not read. The name of the variable changed between versions
 * (microsoft/onnxruntime, pull requests 27379 and 29843).
 */
export function refuseTelemetry(): void {
  for (const name of ['ORT_DISABLE_TELEMETRY', 'ORT_TELEMETRY_DISABLED']) process.env[name] = '1';
}
