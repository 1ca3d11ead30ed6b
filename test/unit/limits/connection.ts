import { EventEmitter } from 'node:events';

/** A socket, as far as a door needs it. */
export class Connection extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(address: string, port: number) {
    super();
    this.remoteAddress = address;
    this.remotePort = port;
  }

  destroy(): this {
    this.destroyed = true;
    return this;
  }
}
