/** Feeds one queue-triggered function from its storage queue. */
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { LogLevel } from './coreTypes.ts';
import { errorMessage } from './errors.ts';
import type { HostFunction, QueueTrigger } from './functionDefinition.ts';
import type { QueueSettings } from './hostConfiguration.ts';
import type { Invoke } from './invocation.ts';
import type { MessageListener } from './messageListener.ts';
import { MessageLock } from './messageLock.ts';
import { decodeMessage, toTriggerInput } from './queueMessage.ts';
import { createWakeableSleep } from './wakeableSleep.ts';

/** What a queue listener needs. */
export interface QueueListenerParts {
  readonly one: HostFunction<QueueTrigger>;
  readonly queue: QueueClient;
  readonly poisonQueue: QueueClient;
  readonly settings: QueueSettings;
  readonly invoke: Invoke;
  readonly log: (level: LogLevel, message: string) => void;
  /** How long a received message stays invisible; renewed at half time while its function runs. 10 minutes in the host. */
  readonly invisibilityMs: number;
}

const quickPollMs = 50;
const slowestLocalPollMs = 1000;

/** Receives messages and runs the function for each of them. */
export class QueueListener implements MessageListener {
  readonly #parts: QueueListenerParts;
  readonly #sleep = createWakeableSleep();
  #inFlight = 0;
  #isReceiving = false;
  #isStopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(parts: QueueListenerParts) {
    this.#parts = parts;
  }

  /** Creates the queue when it is missing and begins to receive. Rejects when the storage cannot be reached. */
  async start(): Promise<void> {
    await this.#parts.queue.createIfNotExists();
    this.#loop = this.#receiveLoop();
  }

  /** Polls at once instead of at the next interval. */
  poke(): void {
    this.#sleep.wake();
  }

  /** True while a message is being received or its function has not ended. */
  isBusy(): boolean {
    return this.#isReceiving || this.#inFlight > 0;
  }

  /** True when a message is visible, that is, waiting for a function. */
  async hasWaiting(): Promise<boolean> {
    const peeked = await this.#parts.queue.peekMessages({ numberOfMessages: 1 });
    return peeked.peekedMessageItems.length > 0;
  }

  /** Receives no more; resolves when the last poll has ended. Functions under way go on. Safe to call twice. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#sleep.wake();
    await this.#loop;
  }

  async #receiveLoop(): Promise<void> {
    const longestMs = Math.min(this.#parts.settings.maxPollingIntervalMs, slowestLocalPollMs);
    let pauseMs = quickPollMs;
    while (!this.#isStopped) {
      if (this.#inFlight > this.#parts.settings.newBatchThreshold) {
        await this.#sleep.wait(longestMs); // the end of each function wakes this up
        continue;
      }
      const received = await this.#receiveBatch();
      if (received > 0) {
        pauseMs = quickPollMs;
        continue;
      }
      const wasPoked = await this.#sleep.wait(pauseMs);
      pauseMs = wasPoked ? quickPollMs : Math.min(pauseMs * 1.5, longestMs);
    }
  }

  async #receiveBatch(): Promise<number> {
    const { queue, settings, invisibilityMs, log, one } = this.#parts;
    this.#isReceiving = true;
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: Math.ceil(invisibilityMs / 1000),
      });
      for (const message of receivedMessageItems) {
        this.#inFlight += 1;
        this.#process(message).catch((error) =>
          log(
            'error',
            `${one.name}: message ${message.messageId} could not be settled: ${errorMessage(error)}`,
          ),
        );
      }
      return receivedMessageItems.length;
    } catch (error) {
      if (!this.#isStopped) log('warning', `${one.name}: the queue cannot be read: ${errorMessage(error)}`);
      return 0;
    } finally {
      this.#isReceiving = false;
    }
  }

  async #process(message: DequeuedMessageItem): Promise<void> {
    const { one, invoke, queue, settings, invisibilityMs, log } = this.#parts;
    const lock = new MessageLock({ queue, message, invisibilityMs, log });
    try {
      const text = decodeMessage(message.messageText, settings.messageEncoding);
      if (text === null) {
        log('error', `${one.name}: message ${message.messageId} is not Base64 text`);
        await this.#moveToPoisonQueue(message, lock);
        return;
      }
      const hasSucceeded = await invoke(one, toTriggerInput(message, text)).then(
        () => true,
        () => false, // the invoker has logged it
      );
      if (hasSucceeded) await lock.delete();
      else await this.#settleFailure(message, lock);
    } finally {
      lock.end();
      this.#inFlight -= 1;
      this.#sleep.wake();
    }
  }

  async #settleFailure(message: DequeuedMessageItem, lock: MessageLock): Promise<void> {
    const { maxDequeueCount, visibilityTimeoutMs } = this.#parts.settings;
    if (message.dequeueCount >= maxDequeueCount) await this.#moveToPoisonQueue(message, lock);
    else await lock.release(visibilityTimeoutMs);
  }

  async #moveToPoisonQueue(message: DequeuedMessageItem, lock: MessageLock): Promise<void> {
    const { poisonQueue, log, one } = this.#parts;
    await poisonQueue.createIfNotExists();
    // -1: a poison message never expires.
    await poisonQueue.sendMessage(message.messageText, { messageTimeToLive: -1 });
    await lock.delete();
    log(
      'warning',
      `${one.name}: message ${message.messageId} moved to ${poisonQueue.name} after ${message.dequeueCount} attempt(s)`,
    );
  }
}
