import { visible } from './visible.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Local date and time of an ISO time: "2026-11-22 11:43:01". What is no time is shown as it stands. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return visible(iso);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The same with its distance from UTC, for what is read elsewhere or later: "2026-11-22 11:43:01 +01:00". */
export function zonedTime(iso: string): string {
  const east = -new Date(iso).getTimezoneOffset();
  if (Number.isNaN(east)) return visible(iso);
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60];
  return `${localTime(iso)} ${east < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

/** `0:07`, `12:05`, `1:02:33`: how long, to the second. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = `${String(seconds).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
