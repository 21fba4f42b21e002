/** The headers of a request by lower-case name. */
type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Judges a request's conditions against a strong tag, in the order of RFC 9110 13.2.2: 412 where it wants another version,
 * 304 where it has this one, undefined where it is to be answered.
 */
export function conditionStatus(headers: RequestHeaders, etag: string): 412 | 304 | undefined {
  const [ifMatch, ifNoneMatch] = [headerValue(headers, 'if-match'), headerValue(headers, 'if-none-match')];
  if (ifMatch !== undefined && !tagsOf(ifMatch).some((tag) => tag === '*' || tag === etag)) return 412;
  const has = tagsOf(ifNoneMatch ?? '').some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);
  return has ? 304 : undefined;
}

/** Returns the Range header if it counts: an If-Range that names another version, or a date, makes it void (RFC 9110 13.1.5). */
export function validRange(headers: RequestHeaders, etag: string): string | undefined {
  const ifRange = headerValue(headers, 'if-range');
  return ifRange === undefined || ifRange.trim() === etag ? headerValue(headers, 'range') : undefined;
}

/** Returns a header's value; several lines of one header are one list. */
function headerValue(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(', ');
}

/** Tags never hold a comma here: they are hexadecimal. */
const tagsOf = (list: string) => list.split(',').map((tag) => tag.trim());
