/** The links and requests of a namespace's clients. */
import type { AmqpError, Connection, EventContext, Receiver, Sender } from 'rhea';
import { amqpError, internalsOf, outcome, rhea } from './amqp.ts';
import { type Answer, answerDeadLetterPeek, answerOperation, answerToken } from './requests.ts';
import { SessionLink } from './sessionLink.ts';
import type { SessionQueue } from './sessionQueue.ts';

/** What a link takes in one message. */
export const largestMessageBytes = 262_144;

interface Client {
  readonly allowed: Set<string>;
  /** Links that answers go out on, by the address the client gave. */
  readonly answers: Map<string, Sender>;
}

/** What a namespace consists of. */
export interface NamespaceParts {
  readonly queueName: string;
  readonly queue: SessionQueue;
  /** The shared access key that tokens must be signed with. */
  readonly key: string;
  readonly nowMs: () => number;
}

/** Answers what clients open and send: links, tokens, messages, requests. */
export class Namespace {
  readonly #parts: NamespaceParts;
  readonly #clients = new Map<Connection, Client>();
  readonly #sessions = new Map<object, SessionLink>();

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
  }

  /** Begins to listen to a container's clients. */
  listenTo(container: ReturnType<typeof rhea.create_container>): void {
    container.on('connection_open', ({ connection }: EventContext) => {
      this.#clients.set(connection, { allowed: new Set(), answers: new Map() });
    });
    container.on('sender_open', ({ connection, sender }: EventContext) => {
      if (sender !== undefined) this.#openSender(connection, sender);
    });
    container.on('receiver_open', ({ connection, receiver }: EventContext) => {
      if (receiver !== undefined) this.#openReceiver(connection, receiver);
    });
    container.on('message', (context: EventContext) => this.#take(context));
    container.on('disconnected', ({ connection }: EventContext) => this.#forget(connection));
    container.on('connection_close', ({ connection }: EventContext) => this.#forget(connection));
  }

  /** Lets time pass: scheduled messages, locks that ran out, receivers that wait. */
  advance(): void {
    for (const holder of this.#parts.queue.advance()) this.#sessions.get(holder)?.loseLock();
    for (const session of this.#sessions.values()) session.advance(this.#parts.nowMs());
  }

  /** Closes every connection. */
  closeAll(): void {
    for (const connection of this.#clients.keys()) connection.close();
  }

  #openSender(connection: Connection, link: Sender): void {
    const address = link.source.address ?? '';
    const refusal = this.#refusalOf(connection, address);
    if (refusal !== null) {
      link.close(refusal);
      return;
    }
    if (address === this.#parts.queueName) {
      const session = new SessionLink(link, this.#parts.queue, this.#parts.nowMs());
      this.#sessions.set(session.holder, session);
      link.on('sender_close', () => this.#sessions.delete(session.holder));
      session.advance(this.#parts.nowMs());
      return;
    }
    const { answers } = this.#clients.get(connection) ?? {};
    answers?.set(link.target?.address ?? link.name, link);
    answers?.set(link.name, link);
  }

  #openReceiver(connection: Connection, link: Receiver): void {
    const address = String(link.target.address ?? '');
    internalsOf(link).local.attach['max_message_size'] = largestMessageBytes;
    const refusal = this.#refusalOf(connection, address);
    if (refusal !== null) link.close(refusal);
  }

  /** Every address but that of tokens needs one; then it must exist. */
  #refusalOf(connection: Connection, address: string): AmqpError | null {
    if (address === '$cbs') return null;
    const entity = address.replace(/(\/\$DeadLetterQueue)?(\/\$management)?$/i, '');
    const allowed = [...(this.#clients.get(connection)?.allowed ?? [])];
    if (!allowed.some((audience) => new URL(audience).pathname.startsWith(`/${entity}`))) {
      return amqpError('amqp:unauthorized-access', `Unauthorized access to '${address}'.`);
    }
    if (entity === this.#parts.queueName) return null;
    return amqpError('amqp:not-found', `The messaging entity '${address}' could not be found.`);
  }

  #take({ connection, receiver, delivery, message }: EventContext): void {
    const address = String(receiver?.target.address ?? '');
    if (message === undefined || delivery === undefined) return;
    if (address === this.#parts.queueName) {
      const isTaken = this.#parts.queue.send(message) !== null;
      const noSession = amqpError('amqp:not-allowed', 'The queue requires sessions: the message has none.');
      delivery.update(true, isTaken ? outcome('accepted') : outcome('rejected', noSession));
      return;
    }
    delivery.update(true, outcome('accepted'));
    const client = this.#clients.get(connection);
    const { statusCode, statusDescription, errorCondition, body } = this.#answer(address, message, client);
    client?.answers.get(String(message.reply_to))?.send({
      correlation_id: message.message_id as string,
      application_properties: {
        statusCode: rhea.types.wrap_int(statusCode),
        statusDescription,
        ...(errorCondition === undefined ? {} : { errorCondition }),
      },
      body,
    });
  }

  #answer(address: string, request: NonNullable<EventContext['message']>, client?: Client): Answer {
    if (address === '$cbs') {
      return answerToken(request, this.#parts.key, this.#parts.nowMs(), (audience) =>
        client?.allowed.add(audience),
      );
    }
    const isDeadLetters = /\/\$DeadLetterQueue\/\$management$/i.test(address);
    return isDeadLetters
      ? answerDeadLetterPeek(request, this.#parts.queue)
      : answerOperation(request, this.#parts.queue);
  }

  #forget(connection: Connection): void {
    this.#clients.delete(connection);
    for (const [holder, session] of this.#sessions) {
      if ((holder as Sender).connection !== connection) continue;
      session.end();
      this.#sessions.delete(holder);
    }
  }
}
