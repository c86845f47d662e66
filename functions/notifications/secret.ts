/** Comparing secrets without telling, by the time it takes, how much of one was right. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a given text is the secret. Takes the same time wherever they differ, and whatever their lengths. */
export function isSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(secret));
}
