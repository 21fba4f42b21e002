import { newBox } from '../bytes/boxes.ts';
import type { FieldFirst } from './film-fields.ts';

/**
 * The lines of both fields lie in one frame, in their places: the first line belongs to the earlier field, or to the later one
 * (`kQTFieldDetailSpatialFirstLineEarly` and `Late`, QuickTime File Format, "Field Handling").
 */
const DETAIL: Readonly<Record<FieldFirst, number>> = { tff: 9, bff: 14 };
const FIELDS = 2;

/** Returns MOV's box for the order of fields, by which editors know it without a look at the pictures. */
export const fielOf = (first: FieldFirst): Buffer => newBox('fiel', Buffer.from([FIELDS, DETAIL[first]]));
