const HEAD_BYTES = 65_536;

/** By what a file is known again after a reload: equal name, size and time are not enough for a camera's CLIP0001.MP4. */
export async function headOf(file: Blob): Promise<string> {
  return sha256(file.slice(0, HEAD_BYTES));
}

/** The SHA-256 of all bytes in base64, as S3 writes it. The bytes are in memory meanwhile. */
export async function sha256(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
