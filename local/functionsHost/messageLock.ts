/** The hold on one received queue message: renewed while its function runs, then deleted or released. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { LogLevel } from './coreTypes.ts';
import { errorMessage } from './errors.ts';

interface MessageLockParts {
  readonly queue: QueueClient;
  readonly message: DequeuedMessageItem;
  /** How long each renewal hides the message. */
  readonly invisibilityMs: number;
  readonly log: (level: LogLevel, message: string) => void;
}

/** Keeps one message invisible from construction until `delete`, `release` or `end`. */
export class MessageLock {
  readonly #parts: MessageLockParts;
  readonly #timer: NodeJS.Timeout;
  #popReceipt: string;
  #renewal: Promise<void> = Promise.resolve();

  constructor(parts: MessageLockParts) {
    this.#parts = parts;
    this.#popReceipt = parts.message.popReceipt;
    this.#timer = setInterval(() => {
      this.#renewal = this.#renewal.then(() => this.#renew());
    }, parts.invisibilityMs / 2);
  }

  /** Removes the message for good. */
  async delete(): Promise<void> {
    await this.#settle();
    await this.#parts.queue.deleteMessage(this.#parts.message.messageId, this.#popReceipt);
  }

  /** Gives the message back, visible again after `delayMs` (whole seconds, rounded up). */
  async release(delayMs: number): Promise<void> {
    await this.#settle();
    await this.#hide(delayMs);
  }

  /** Renews no more. Safe to call twice and after the others. */
  end(): void {
    clearInterval(this.#timer);
  }

  async #settle(): Promise<void> {
    this.end();
    // A renewal on its way changes the pop receipt; settling with the old one would be refused (C-11).
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    const { message, invisibilityMs, log } = this.#parts;
    try {
      await this.#hide(invisibilityMs);
    } catch (error) {
      log('warning', `message ${message.messageId} could not be kept invisible: ${errorMessage(error)}`);
    }
  }

  async #hide(durationMs: number): Promise<void> {
    const { queue, message } = this.#parts;
    const seconds = Math.ceil(durationMs / 1000);
    const updated = await queue.updateMessage(
      message.messageId,
      this.#popReceipt,
      message.messageText,
      seconds,
    );
    this.#popReceipt = updated.popReceipt ?? this.#popReceipt;
  }
}
