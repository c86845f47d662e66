/** Time spans as host.json writes them. */

const timeSpanPattern = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;

/** Milliseconds of `[days.]hh:mm[:ss[.fraction]]`, or null when the text is no time span. */
export function parseTimeSpanMs(text: string): number | null {
  const match = timeSpanPattern.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(1, 5).map((part) => Number(part ?? 0));
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return null;
  const fractionMs = Number(`0.${match[5] ?? 0}`) * 1000;
  const wholeSeconds = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return wholeSeconds * 1000 + Math.round(fractionMs);
}
