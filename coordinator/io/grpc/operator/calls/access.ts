import { CapstanError } from '../../../../../shared/model/errors.js';
import type { OperatorServiceHandlers } from '../../../../../shared/wire/gen/capstan/v1/OperatorService.js';
import { createOperatorCommand, operatorName, operatorView, selfView } from '../operators.js';
import type { Joining, OperatorServiceOptions } from '../options.js';
import * as given from '../requests.js';
import { createTokenCommand, tokenIdOf, tokenView } from '../tokens.js';
import type { Answer } from './answer.js';

type Parts = Pick<OperatorServiceOptions, 'joining' | 'clock'> & Pick<Answer, 'unary'>;

/** Who may become a node, and who may call. */
export function accessCalls({ unary, joining: configured, clock }: Parts) {
  const joining = (): Joining => {
    if (configured !== undefined) return configured;
    throw new CapstanError(
      'refused',
      'This coordinator runs with --insecure-loopback: there are no tokens.',
      {
        hint: 'An agent on this machine names itself: `capstan-agent --insecure-loopback --name NAME`.',
      },
    );
  };

  return {
    CreateToken: unary(async (request, { name }) => {
      const { enrolment } = joining();
      const identity = given.identityOf('CreateToken', name, request);
      return tokenView(await enrolment.createToken(identity, createTokenCommand(request)), clock.now());
    }),
    ListTokens: unary(() => ({
      tokens: joining()
        .enrolment.tokens()
        .map((token) => tokenView(token, clock.now())),
    })),
    RevokeToken: unary(async (request, { name }) => {
      const { enrolment } = joining();
      const identity = given.identityOf('RevokeToken', name, request);
      return tokenView(await enrolment.revokeToken(identity, tokenIdOf(request.id)), clock.now());
    }),
    ShowCa: unary(async () => {
      const { authority, serverPin, installUrl, operatorAddress } = joining();
      const { pin, certificate } = authority;
      return {
        ...{ pin, certificate, serverPin },
        ...{ installUrl: (await installUrl()) ?? '', operatorAddress: operatorAddress() },
      };
    }),

    CreateOperator: unary(async (request, { name }) => {
      const { operators } = joining();
      const identity = given.identityOf('CreateOperator', name, request);
      const created = await operators.create(identity, createOperatorCommand(request));
      return operatorView(created, clock.now());
    }),
    ListOperators: unary(() => ({
      operators: joining()
        .operators.list()
        .map((operator) => operatorView(operator, clock.now())),
    })),
    RevokeOperator: unary(async (request, { name }) => {
      const { operators } = joining();
      const identity = given.identityOf('RevokeOperator', name, request);
      return operatorView(await operators.revoke(identity, operatorName(request.name)), clock.now());
    }),
    GetSelf: unary((_request, caller) => selfView(caller, clock.now())),
  } satisfies Partial<OperatorServiceHandlers>;
}
