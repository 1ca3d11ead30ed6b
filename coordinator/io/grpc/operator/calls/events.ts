import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import type { OperatorServiceOptions } from '../options.js';
import * as given from '../requests.js';
import { copyDatabase, listEvents, verifyEvents } from '../streams.js';
import { consumerView } from '../views.js';
import type { Answer } from './answer.js';

type Parts = Pick<OperatorServiceOptions, 'outbox' | 'copies'> & Answer;

/** What has happened, and who has read how far; and a copy of all that is kept. */
export const eventCalls = ({ unary, stream, outbox, copies }: Parts) =>
  ({
    ListEvents: stream((watch) => listEvents({ ...watch, outbox })),
    VerifyEvents: stream(verifyEvents),
    CopyDatabase: stream((watch) => copyDatabase({ ...watch, copies })),
    ListConsumers: unary(async () => ({ consumers: (await outbox.consumers()).map(consumerView) })),
    AcknowledgeEvents: unary(async ({ consumer, position }) =>
      consumerView(await outbox.acknowledge(given.consumerName(consumer), Number(position))),
    ),
    ForgetConsumer: unary(async ({ name }, { name: by }) => {
      await outbox.forget(given.consumerName(name), by);
      return {};
    }),
  }) satisfies Partial<OperatorServiceHandlers>;
