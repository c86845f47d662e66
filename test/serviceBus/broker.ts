/**
 * A Service Bus namespace with one queue in memory, for tests: speaks AMQP 1.0 as far as the unmodified client asks of
 * a queue with sessions and duplicate detection (platform C.1).
 *
 * Not built: batches of messages, receivers without a session, deferral, transactions, expiry, several queues.
 */
import type { Server } from 'node:net';
import { rhea } from './amqp.ts';
import { largestMessageBytes, Namespace } from './namespace.ts';
import { SessionQueue } from './sessionQueue.ts';

/** What a test may choose; times in milliseconds. */
export interface BrokerOptions {
  readonly queueName: string;
  readonly maxDeliveryCount?: number;
  readonly lockMs?: number;
}

/** A namespace that listens. */
export interface RunningBroker {
  readonly connectionString: string;
  /** The same with a key that the namespace does not know. */
  readonly strangeConnectionString: string;
  readonly queue: SessionQueue;
  stop(): Promise<void>;
}

const key = 'a2V5IG9mIHRoZSB0ZXN0IGJyb2tlcg==';
const advanceEveryMs = 10;

const connectionStringOf = (port: number, sharedKey: string): string =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=test;SharedAccessKey=${sharedKey};UseDevelopmentEmulator=true;`;

/** Listens on a free port. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { queueName, maxDeliveryCount = 10, lockMs = 60_000 } = options;
  const nowMs = () => Date.now();
  const queue = new SessionQueue({ maxDeliveryCount, lockMs, nowMs, duplicateWindowMs: 600_000 });
  const namespace = new Namespace({ queueName, queue, key, nowMs });
  const container = rhea.create_container({ id: 'test-broker' });
  container.sasl_server_mechanisms.enable_anonymous();
  namespace.listenTo(container);
  const server: Server = container.listen({
    port: 0,
    host: 'localhost',
    receiver_options: { autoaccept: false, credit_window: 100, max_message_size: largestMessageBytes },
  } as never);
  await new Promise((resolve) => server.once('listening', resolve));
  const timer = setInterval(() => namespace.advance(), advanceEveryMs);
  const { port } = server.address() as { port: number };
  return {
    connectionString: connectionStringOf(port, key),
    strangeConnectionString: connectionStringOf(port, 'c3RyYW5nZXI='),
    queue,
    stop: async () => {
      clearInterval(timer);
      namespace.closeAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
