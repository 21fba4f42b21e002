import { describe, expect, it } from '@jest/globals';
import { ServiceError } from '../../core/errors.ts';
import { isWithin, scheduleOf, timeOfDay } from '../../core/schedule.ts';

const minute = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

describe('the hours of work', () => {
  it.each([
    { hours: '22:00-07:00', at: '22:00', works: true },
    { hours: '22:00-07:00', at: '23:59', works: true },
    { hours: '22:00-07:00', at: '0:00', works: true },
    { hours: '22:00-07:00', at: '6:59', works: true },
    { hours: '22:00-07:00', at: '7:00', works: false },
    { hours: '22:00-07:00', at: '21:59', works: false },
    { hours: '9:30-17:00', at: '9:29', works: false },
    { hours: '9:30-17:00', at: '9:30', works: true },
    { hours: '9:30-17:00', at: '17:00', works: false },
    { hours: '18:00-24:00', at: '23:59', works: true },
    { hours: '18:00-24:00', at: '0:00', works: false },
    { hours: '0:00-24:00', at: '12:00', works: true },
  ])('$hours at $at: $works', ({ hours, at, works }) => {
    expect(isWithin(scheduleOf(hours), minute(at))).toBe(works);
  });

  it.each(['', '22-7', '22:00', '24:00-07:00', '22:60-07:00', '22:00-25:00', '07:00-07:00', 'a:00-b:00'])(
    'are refused as "%s", with the value and how they are written',
    (text) => {
      expect(() => scheduleOf(text)).toThrow(ServiceError);
      expect(() => scheduleOf(text)).toThrow('write them as 22:00-07:00');
    },
  );

  it('begin at a time that people read', () => {
    expect(timeOfDay(scheduleOf('7:05-9:00').fromMinute)).toBe('07:05');
  });
});
