/** A Service Bus queue that requires sessions and detects duplicates, in memory: what the test broker serves. */
import type { Message } from 'rhea';
import { textOf, timeOf } from './amqp.ts';

/** How the queue is set up; times in milliseconds. */
export interface SessionQueueOptions {
  readonly maxDeliveryCount: number;
  readonly lockMs: number;
  readonly duplicateWindowMs: number;
  readonly nowMs: () => number;
}

/** A message in the queue. */
export interface StoredMessage {
  readonly content: Message;
  readonly messageId: string;
  readonly sessionId: string;
  /** Changes when a scheduled message becomes active: it is appended as if it were sent then. */
  sequenceNumber: number;
  enqueuedMs: number;
  /** How often it was delivered in vain. */
  deliveryCount: number;
  isScheduled: boolean;
  /** Who has received it and not settled it yet. */
  receivedBy: object | null;
}

interface SessionLock {
  readonly holder: object;
  untilMs: number;
}

/** What a receiver decides on a message. */
export type Settlement =
  | { readonly kind: 'complete' }
  | { readonly kind: 'abandon' }
  | { readonly kind: 'deadLetter'; readonly reason: string };

/** Messages in order of their sequence number, and the locks on their sessions. Holders are told apart by identity. */
export class SessionQueue {
  readonly #options: SessionQueueOptions;
  readonly #locks = new Map<string, SessionLock>();
  readonly #seen = new Map<string, number>();
  #messages: StoredMessage[] = [];
  #lastSequenceNumber = 0;
  /** Set aside, with the reason. */
  readonly deadLetters: { readonly message: StoredMessage; readonly reason: string }[] = [];
  /** How many messages were dropped as duplicates. */
  duplicates = 0;

  constructor(options: SessionQueueOptions) {
    this.#options = options;
  }

  /** Takes a message in and answers its number; null when it names no session. A duplicate is dropped without a word. */
  send(content: Message): number | null {
    const { nowMs, duplicateWindowMs } = this.#options;
    const [messageId, sessionId] = [textOf(content.message_id), textOf(content.group_id)];
    if (sessionId === '') return null;
    const seenMs = this.#seen.get(messageId);
    if (messageId !== '' && seenMs !== undefined && nowMs() - seenMs < duplicateWindowMs) {
      this.duplicates += 1;
      return 0;
    }
    this.#seen.set(messageId, nowMs());
    const enqueuedMs = Math.max(nowMs(), timeOf(content, 'x-opt-scheduled-enqueue-time') ?? 0);
    const isScheduled = enqueuedMs > nowMs();
    const sequenceNumber = this.#nextSequenceNumber();
    const fresh = { deliveryCount: 0, receivedBy: null };
    this.#messages.push({ content, messageId, sessionId, sequenceNumber, enqueuedMs, isScheduled, ...fresh });
    return sequenceNumber;
  }

  /** Takes a scheduled message back; false when there is none of this number. */
  cancel(sequenceNumber: number): boolean {
    const message = this.#messages.find((one) => one.isScheduled && one.sequenceNumber === sequenceNumber);
    if (message !== undefined) this.#remove(message);
    return message !== undefined;
  }

  /** Makes due messages active, and ends locks that ran out; answers who lost one. */
  advance(): readonly object[] {
    const now = this.#options.nowMs();
    for (const message of [...this.#messages].sort((one, other) => one.enqueuedMs - other.enqueuedMs)) {
      if (!message.isScheduled || message.enqueuedMs > now) continue;
      message.isScheduled = false;
      message.sequenceNumber = this.#nextSequenceNumber();
    }
    this.#messages.sort((one, other) => one.sequenceNumber - other.sequenceNumber);
    const expired = [...this.#locks.values()].filter(({ untilMs }) => untilMs <= now);
    for (const { holder } of expired) this.#unlock(holder, true);
    return expired.map(({ holder }) => holder);
  }

  /** Locks the session asked for, or the next one with a message; null when there is none to be had now. */
  lockSession(holder: object, wanted: string | null): string | null {
    const isFree = (session: string): boolean => !this.#locks.has(session);
    const next = this.#messages.find((one) => !one.isScheduled && isFree(one.sessionId))?.sessionId ?? null;
    const sessionId = wanted ?? next;
    if (sessionId === null || !isFree(sessionId)) return null;
    this.#locks.set(sessionId, { holder, untilMs: this.#options.nowMs() + this.#options.lockMs });
    return sessionId;
  }

  /** When the lock of a session ends; null when nobody holds it. */
  lockedUntilMs(sessionId: string): number | null {
    return this.#locks.get(sessionId)?.untilMs ?? null;
  }

  /** Holds the session for another while; null when its lock is lost. */
  renewLock(sessionId: string): number | null {
    const lock = this.#locks.get(sessionId);
    if (lock === undefined || lock.untilMs <= this.#options.nowMs()) return null;
    lock.untilMs = this.#options.nowMs() + this.#options.lockMs;
    return lock.untilMs;
  }

  /** Hands the holder the next message of its session, in order. */
  receive(holder: object): StoredMessage | null {
    const sessionId = this.#sessionOf(holder);
    const isNext = (one: StoredMessage): boolean =>
      one.sessionId === sessionId && !one.isScheduled && one.receivedBy === null;
    const message = sessionId === null ? undefined : this.#messages.find(isNext);
    if (message === undefined) return null;
    message.receivedBy = holder;
    return message;
  }

  /** Carries out a decision; false when the holder's lock is lost. */
  settle(holder: object, message: StoredMessage, settlement: Settlement): boolean {
    if (message.receivedBy !== holder || this.#sessionOf(holder) !== message.sessionId) return false;
    if (settlement.kind === 'complete') this.#remove(message);
    else if (settlement.kind === 'deadLetter') this.#setAside(message, settlement.reason);
    else this.#giveBack(message);
    return true;
  }

  /** The holder is gone: its session is free, and what it had received counts as not delivered. */
  release(holder: object): void {
    this.#unlock(holder, false);
  }

  /** Messages from a sequence number on, locked ones included. */
  peek(from: number, count: number): readonly StoredMessage[] {
    return this.#messages.filter(({ sequenceNumber }) => sequenceNumber >= from).slice(0, count);
  }

  #sessionOf(holder: object): string | null {
    const now = this.#options.nowMs();
    const held = [...this.#locks].find(([, lock]) => lock.holder === holder && lock.untilMs > now);
    return held?.[0] ?? null;
  }

  #nextSequenceNumber(): number {
    this.#lastSequenceNumber += 1;
    return this.#lastSequenceNumber;
  }

  /** A lock that ran out counts as a delivery in vain; a session that was closed does not. */
  #unlock(holder: object, countsAsDelivery: boolean): void {
    for (const [sessionId, lock] of this.#locks) {
      if (lock.holder === holder) this.#locks.delete(sessionId);
    }
    for (const message of this.#messages.filter(({ receivedBy }) => receivedBy === holder)) {
      if (countsAsDelivery) this.#giveBack(message);
      else message.receivedBy = null;
    }
  }

  #giveBack(message: StoredMessage): void {
    message.receivedBy = null;
    message.deliveryCount += 1;
    if (message.deliveryCount >= this.#options.maxDeliveryCount) {
      this.#setAside(message, 'MaxDeliveryCountExceeded');
    }
  }

  #setAside(message: StoredMessage, reason: string): void {
    this.#remove(message);
    this.deadLetters.push({ message, reason });
  }

  #remove(message: StoredMessage): void {
    this.#messages = this.#messages.filter((one) => one !== message);
  }
}
