import type { AgentClient } from '../../../shared/wire/agent-client.js';
import type { Coordinator } from '../../ports/coordinator.js';

/** A connection, and how many calls it carries. */
interface Line {
  readonly client: AgentClient;
  calls: number;
  isOld: boolean;
}

/** A coordinator whose connection can be replaced: calls that are under way end on the one that they began on. */
export class RenewedCoordinator implements Coordinator {
  readonly address: string;
  readonly #connect: () => AgentClient;
  #line: Line;

  /** @param connect makes a connection with the certificate of now */
  constructor(address: string, connect: () => AgentClient) {
    this.address = address;
    this.#connect = connect;
    this.#line = { client: connect(), calls: 0, isOld: false };
  }

  readonly poll: Coordinator['poll'] = (...args) => this.#on((client) => client.poll(...args));
  readonly report: Coordinator['report'] = (...args) => this.#on((client) => client.report(...args));
  readonly findPeers: Coordinator['findPeers'] = (...args) => this.#on((client) => client.findPeers(...args));

  /** From now on with a new connection. */
  renew(): void {
    const former = this.#line;
    this.#line = { client: this.#connect(), calls: 0, isOld: false };
    former.isOld = true;
    closeIfDone(former);
  }

  close(): void {
    this.#line.isOld = true;
    this.#line.client.close();
  }

  async #on<Answer>(call: (client: AgentClient) => Promise<Answer>): Promise<Answer> {
    const line = this.#line;
    line.calls += 1;
    try {
      return await call(line.client);
    } finally {
      line.calls -= 1;
      closeIfDone(line);
    }
  }
}

function closeIfDone({ client, calls, isOld }: Line): void {
  if (isOld && calls === 0) client.close();
}
