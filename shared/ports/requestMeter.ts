/** Counts the requests of one run, so that its log row and its plan can tell them. */

/** Adds up HTTP requests sent to one service; a batch counts once, a retry counts again. */
export class RequestMeter {
  #sent = 0;

  /** Notes `count` requests more. */
  add(count = 1): void {
    this.#sent += count;
  }

  /** Requests noted so far. */
  get sent(): number {
    return this.#sent;
  }
}
