/** Writes times in UTC, or in the zone of whoever reads. */

export type Zone = "utc" | "local";

/** `2026-10-16 14:09:28Z`, or with the offset of the reader's zone instead of the `Z`. */
export function formatTime(iso: string, zone: Zone): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return iso;
  }
  return `${formatDay(date, zone)} ${formatClock(date, zone)}${zone === "utc" ? "Z" : ` ${offset(date)}`}`;
}

/** A moment in milliseconds as the API writes it: `2026-10-16T14:09:28Z`. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** `2026-10-16`. */
export function formatDay(date: Date, zone: Zone): string {
  const [year, month, day] =
    zone === "utc"
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()];
  return `${year}-${two(month + 1)}-${two(day)}`;
}

/** `14:09:28`. */
export function formatClock(date: Date, zone: Zone): string {
  return zone === "utc"
    ? `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
    : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `4 min`, `3 h 20 min`, `2 d 4 h`: the two largest units. */
export function formatDuration(seconds: number): string {
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const whole = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  if (first === -1) {
    return "0 s";
  }
  const parts: string[] = [];
  let rest = whole;
  for (const [name, size] of units.slice(first, first + 2)) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) {
      parts.push(`${n} ${name}`);
    }
  }
  return parts.join(" ");
}

function offset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  return `${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
