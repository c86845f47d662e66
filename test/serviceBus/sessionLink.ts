/** One receiver of the test broker: locks a session, hands out its messages and takes the client's decisions. */
import { randomBytes } from 'node:crypto';
import type { AmqpError, Delivery, EventContext, Sender } from 'rhea';
import { amqpError, holdAttach, internalsOf, outcome, ticks } from './amqp.ts';
import type { SessionQueue, Settlement, StoredMessage } from './sessionQueue.ts';
import { wireMessage } from './wireMessage.ts';

const sessionFilter = 'com.microsoft:session-filter';
const lockLost = amqpError('com.microsoft:session-lock-lost', 'The session lock has expired.');
const noSession = amqpError('com.microsoft:timeout', 'No session became available in time.');

/** Waits for a session, then serves it until the client or the lock ends it. */
export class SessionLink {
  readonly #link: Sender;
  readonly #queue: SessionQueue;
  readonly #wanted: string | null;
  readonly #giveUpAtMs: number;
  readonly #received = new Map<Delivery, StoredMessage>();
  #sessionId: string | null = null;
  #isOver = false;

  /** The attach is answered once a session is locked, or refused when `com.microsoft:timeout` has passed. */
  constructor(link: Sender, queue: SessionQueue, nowMs: number) {
    this.#link = link;
    this.#queue = queue;
    const filter: Readonly<Record<string, unknown>> = link.source.filter ?? {};
    const wanted = filter[sessionFilter];
    this.#wanted = typeof wanted === 'string' ? wanted : null;
    this.#giveUpAtMs = nowMs + Number(link.properties?.['com.microsoft:timeout'] ?? 60_000);
    holdAttach(link);
    link.on('accepted', (context: EventContext) => this.#settle(context, { kind: 'complete' }));
    link.on('modified', (context: EventContext) => this.#settle(context, { kind: 'abandon' }));
    link.on('rejected', (context: EventContext) => this.#settle(context, deadLetterOf(context)));
    link.on('sendable', () => this.deliver());
    link.on('sender_draining', () => {
      this.deliver();
      link.set_drained(true);
    });
    link.on('sender_close', () => this.end());
  }

  /** Whether this is what holds a lock. */
  get holder(): object {
    return this.#link;
  }

  /** Tries to lock a session if there is none yet, and sends what can be sent. */
  advance(nowMs: number): void {
    if (this.#isOver) return;
    if (this.#sessionId === null) this.#accept(nowMs);
    else this.deliver();
  }

  /** Sends messages as long as the client gives credit. */
  deliver(): void {
    while (!this.#isOver && this.#sessionId !== null && this.#link.sendable()) {
      const message = this.#queue.receive(this.#link);
      if (message === null) return;
      const lockedUntilMs = this.#queue.lockedUntilMs(message.sessionId);
      this.#received.set(this.#link.send(wireMessage(message, lockedUntilMs), lockToken()), message);
    }
  }

  /** The lock ran out: the client is told by a detach. */
  loseLock(): void {
    this.#isOver = true;
    this.#link.close(lockLost);
  }

  /** The client is gone. Safe to call twice. */
  end(): void {
    this.#isOver = true;
    this.#queue.release(this.#link);
  }

  #accept(nowMs: number): void {
    this.#sessionId = this.#queue.lockSession(this.#link, this.#wanted);
    if (this.#sessionId === null) {
      // A session by its id is refused at once while another holds it; the next one is waited for.
      if (this.#wanted !== null)
        this.#refuse(amqpError('com.microsoft:session-cannot-be-locked', 'It is locked.'));
      else if (nowMs >= this.#giveUpAtMs) this.#refuse(noSession);
      return;
    }
    const lockedUntilMs = this.#queue.lockedUntilMs(this.#sessionId) ?? nowMs;
    const { attach } = internalsOf(this.#link).local;
    attach['properties'] = { 'com.microsoft:locked-until-utc': ticks(lockedUntilMs) };
    const filter = { [sessionFilter]: this.#sessionId };
    this.#link.set_source({ address: this.#link.source.address, filter });
    this.#link.open();
  }

  #refuse(error: AmqpError): void {
    this.#isOver = true;
    this.#link.open();
    this.#link.close(error);
  }

  /** The client waits for the answer; the library tells of one decision more than once. */
  #settle({ delivery }: EventContext, settlement: Settlement): void {
    const message = delivery && this.#received.get(delivery);
    if (delivery === undefined || message === undefined) return;
    this.#received.delete(delivery);
    const isSettled = this.#queue.settle(this.#link, message, settlement);
    delivery.update(true, isSettled ? outcome('accepted') : outcome('rejected', lockLost));
  }
}

/** Names a delivery; the client reads it as a GUID. */
function lockToken(): Buffer {
  return randomBytes(16);
}

function deadLetterOf({ delivery }: EventContext): Settlement {
  const rejected = delivery?.remote_state as { error?: { info?: { DeadLetterReason?: string } } } | undefined;
  return { kind: 'deadLetter', reason: rejected?.error?.info?.DeadLetterReason ?? '' };
}
