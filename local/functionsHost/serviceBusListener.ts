/** Feeds one function from a Service Bus queue with sessions. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  ServiceBusClient,
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
  ServiceBusSessionReceiver,
} from '@azure/service-bus';
import { toBusInput } from './busMessageInput.ts';
import type { LogLevel } from './coreTypes.ts';
import { errorMessage } from './errors.ts';
import type { HostFunction, ServiceBusTrigger } from './functionDefinition.ts';
import type { ServiceBusSettings } from './hostConfiguration.ts';
import type { Invoke } from './invocation.ts';
import type { MessageListener } from './messageListener.ts';

/** What a Service Bus listener needs. */
export interface ServiceBusListenerParts {
  readonly one: HostFunction<ServiceBusTrigger>;
  /** Closed by the listener, once the last function has ended. */
  readonly client: ServiceBusClient;
  readonly settings: ServiceBusSettings;
  readonly invoke: Invoke;
  readonly log: (level: LogLevel, message: string) => void;
}

const pauseAfterErrorMs = 1000;
const peekedAtOnce = 100;
/** What the client says when no session became available in time. */
const nothingToAccept = ['ServiceTimeout', 'SessionCannotBeLocked', 'OperationTimeoutError'];

/** Accepts the next session, runs the function for its messages one after the other, closes it; several at a time. */
export class ServiceBusListener implements MessageListener {
  readonly #parts: ServiceBusListenerParts;
  readonly #ending = new AbortController();
  readonly #peeker: ServiceBusReceiver;
  #beginning: ServiceBusReceivedMessage['sequenceNumber'];
  #inFlight = 0;
  #isClosed = false;

  constructor(parts: ServiceBusListenerParts) {
    this.#parts = parts;
    this.#peeker = parts.client.createReceiver(parts.one.trigger.queueName, { skipParsingBodyAsJson: true });
  }

  /** Begins to receive. Rejects when the queue cannot be reached; then nothing is left open. */
  async start(): Promise<void> {
    try {
      await this.hasWaiting();
    } catch (error) {
      await this.#close();
      throw error;
    }
    const { maxConcurrentSessions } = this.#parts.settings;
    setMaxListeners(0, this.#ending.signal); // the client listens several times for each session
    for (let count = 0; count < maxConcurrentSessions; count += 1) void this.#acceptLoop();
  }

  /** Nothing to do: messages are pushed by the service. */
  poke(): void {}

  /** True while a function of a message has not ended, and after `stop` until the connection is closed. */
  isBusy(): boolean {
    return this.#inFlight > 0 || (this.#ending.signal.aborted && !this.#isClosed);
  }

  async hasWaiting(): Promise<boolean> {
    let from = this.#beginning;
    for (;;) {
      const page = await this.#peeker.peekMessages(
        peekedAtOnce,
        from === undefined ? {} : { fromSequenceNumber: from },
      );
      const last = page.at(-1)?.sequenceNumber;
      // Without a number the client goes on where it stopped, so from the first message on it is told to begin at 0.
      this.#beginning ??= last?.sub(last);
      if (page.some(({ state }) => state === 'active')) return true;
      if (last === undefined || page.length < peekedAtOnce) return false;
      from = last.add(1);
    }
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    if (this.#inFlight === 0) void this.#close();
  }

  async #acceptLoop(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const receiver = await this.#accept();
      if (receiver === null) continue;
      try {
        await this.#drain(receiver);
      } catch (error) {
        await this.#report('a session broke off', error);
      }
      await receiver.close().catch(() => {}); // a lost lock has ended it already
    }
  }

  async #accept(): Promise<ServiceBusSessionReceiver | null> {
    const { client, one, settings } = this.#parts;
    try {
      return await client.acceptNextSession(one.trigger.queueName, {
        // Counted from here, for all messages of the session; `#drain` starts the last one by half of it.
        maxAutoLockRenewalDurationInMs: 2 * settings.maxAutoLockRenewalMs,
        skipParsingBodyAsJson: true,
      });
    } catch (error) {
      const { code } = Object(error) as { readonly code?: unknown };
      if (!nothingToAccept.includes(String(code))) await this.#report('no session can be had', error);
      return null;
    }
  }

  async #drain(receiver: ServiceBusSessionReceiver): Promise<void> {
    const { sessionIdleTimeoutMs: maxWaitTimeInMs, maxAutoLockRenewalMs } = this.#parts.settings;
    const abortSignal = this.#ending.signal;
    const lastStartMs = performance.now() + maxAutoLockRenewalMs;
    do {
      const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs, abortSignal });
      if (message === undefined) return;
      await this.#process(receiver, message);
    } while (!abortSignal.aborted && performance.now() < lastStartMs);
  }

  /** Success completes the message; failure gives it back, and the queue sets it aside after its last delivery. */
  async #process(receiver: ServiceBusSessionReceiver, message: ServiceBusReceivedMessage): Promise<void> {
    const { invoke, one } = this.#parts;
    this.#inFlight += 1;
    try {
      const hasSucceeded = await invoke(one, toBusInput(message)).then(
        () => true,
        () => false, // the invoker has logged it
      );
      if (hasSucceeded) await receiver.completeMessage(message);
      else await receiver.abandonMessage(message);
    } finally {
      this.#inFlight -= 1;
      if (this.#ending.signal.aborted && this.#inFlight === 0) void this.#close();
    }
  }

  async #report(what: string, error: unknown): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const { one, log } = this.#parts;
    log('warning', `${one.name}: ${what}: ${errorMessage(error)}`);
    await pause(pauseAfterErrorMs, undefined, { signal: this.#ending.signal }).catch(() => {}); // stopped meanwhile
  }

  /** Ends waiting for sessions, too, which the client's signals do not. Safe to call twice, never rejects. */
  async #close(): Promise<void> {
    await this.#parts.client.close().catch(() => {});
    this.#isClosed = true;
  }
}
