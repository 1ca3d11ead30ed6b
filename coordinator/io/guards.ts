import type { Clock } from '../../shared/ports/clock.js';
import type { Logger } from '../../shared/ports/logger.js';
import type { Rate } from '../core/limits/token-buckets.js';
import { Gate } from './grpc/gate.js';
import type { Identify } from './grpc/identity.js';
import { Patience } from './grpc/patience.js';
import type { Guard } from './grpc/server.js';
import type { HttpGuard } from './http/server.js';
import { Door, type DoorLimits, type Space } from './limits/door.js';
import { Refusals } from './limits/refusals.js';

/** Those of the coordinator's settings that bound what others may take of it. */
interface GuardSettings {
  readonly insecureLoopback: boolean;
  readonly maxConnections: number;
  readonly maxUnknownConnections: number;
  readonly handshakeTimeout: number;
  readonly slowReaderTimeout: number;
  readonly nodeCallsPerSecond: number;
  readonly nodeCalls: number;
  readonly operatorCallsPerSecond: number;
  readonly operatorCalls: number;
  readonly strangerCallsPerSecond: number;
}

/** Who keeps watch over the coordinator's ports. */
export interface Guards {
  readonly http: HttpGuard;
  readonly operators: (identify: Identify) => Guard;
  readonly agents: (identify: Identify) => Guard;
  close(): void;
}

/** An agent has one connection, and for a while another one when it renews its certificate or the network fails. */
const connectionsOfNode = 8;
/** Every `capstan` that runs in a pipeline has one. */
const connectionsOfOperator = 256;
/** Who is unknown and shares an address with others gives way to them after so long, when there are too many. Milliseconds. */
const patienceMs = 2000;

const rateOf = (perSecond: number): Rate => ({ perSecond, burst: 20 * perSecond });

export function createGuards({
  settings,
  clock,
  logger,
  space,
}: {
  readonly settings: GuardSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of all three ports. */
  readonly space: Space;
}): Guards {
  const refusals = new Refusals({ clock, logger });
  const { insecureLoopback, maxConnections: max, handshakeTimeout: introductionMs } = settings;
  const closing: { close(): void }[] = [refusals];
  /** Where nobody proves who they are, all are unknown, and at work. */
  const anonymous = { maxUnknown: max, patienceMs: Number.POSITIVE_INFINITY };
  const proven = { maxUnknown: settings.maxUnknownConnections, patienceMs };
  const door = (limits: Omit<DoorLimits, 'introductionMs'>): Door => {
    const made = new Door({
      limits: { ...limits, introductionMs },
      ...{ refusals, space },
    });
    closing.push(made);
    return made;
  };
  const guard = ({ service, identify, callerOfConnection, ...bounds }: GrpcPort): Guard => {
    const own = door({ ...(insecureLoopback ? anonymous : proven), max, maxPerCaller: bounds.maxPerCaller });
    const { rate, maxCalls } = bounds;
    const strangers = rateOf(settings.strangerCallsPerSecond);
    const gate = new Gate({
      ...{ door: own, refusals, clock, identify, callerOfConnection, service },
      limits: insecureLoopback ? undefined : { rate, maxCalls, strangers },
    });
    const patience = new Patience({
      ...{ gate, door: own, clock },
      requestMs: introductionMs,
      readerMs: settings.slowReaderTimeout,
    });
    closing.push(patience);
    return { door: own, refusals, interceptor: patience.interceptor };
  };
  // Whoever comes over HTTP is at work and gives way to his like only: where this process may have few files open, agents
  // and operators would find no place.
  const maxHttp = Math.min(max, Math.floor(space.max / 2));
  const http = door({ ...anonymous, max: maxHttp, maxUnknown: maxHttp, maxPerCaller: maxHttp });
  return {
    http: { door: http, refusals },
    operators: (identify) =>
      guard({
        ...{ service: 'capstan.v1.OperatorService', identify, callerOfConnection: false },
        rate: rateOf(settings.operatorCallsPerSecond),
        maxCalls: settings.operatorCalls,
        maxPerCaller: connectionsOfOperator,
      }),
    agents: (identify) =>
      guard({
        ...{ service: 'capstan.v1.AgentService', identify, callerOfConnection: true },
        rate: rateOf(settings.nodeCallsPerSecond),
        maxCalls: settings.nodeCalls,
        maxPerCaller: connectionsOfNode,
      }),
    close() {
      for (const part of closing) part.close();
    },
  };
}

interface GrpcPort {
  readonly service: string;
  readonly identify: Identify;
  readonly callerOfConnection: boolean;
  readonly rate: Rate;
  readonly maxCalls: number;
  readonly maxPerCaller: number;
}
