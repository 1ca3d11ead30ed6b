import { type Metadata, status } from '@grpc/grpc-js';
import { printable } from '../core/printable.js';
import { CapstanError, type ErrorCode, type ErrorDetails } from '../model/errors.js';
import { errorTrailer } from './status.js';

interface StatusError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

const givenByHand =
  'Check that it runs and that the address (--coordinator or CAPSTAN_COORDINATOR) is right.';

/**
 * Turns the failure of a call into a CapstanError: what the coordinator said, or that it could not be reached.
 * @param nobodyHint what to do where nobody answers: where the address comes from
 */
export function errorFromStatus(error: unknown, address: string, nobodyHint = givenByHand): CapstanError {
  if (error instanceof CapstanError) return error;
  if (!isStatusError(error)) return CapstanError.from(error);
  return fromTrailer(error) ?? fromCode(error, address, nobodyHint);
}

/** The same of an enrolment, for which a server has no certificate yet. */
export function enrolmentError(error: unknown, address: string): CapstanError {
  if (!isStatusError(error) || !wantsCertificate(error)) return errorFromStatus(error, address);
  const host = address.slice(0, address.lastIndexOf(':'));
  const hint = `Enrol where operators call it (its --operator-listen): --coordinator ${host}:7601, unless it was told otherwise.`;
  const message = `${address} is the port of the coordinator to which only servers come that have enrolled (--agent-listen).`;
  return new CapstanError('invalid', message, { hint, cause: error });
}

/** It is in the middle of TLS that a port for nodes says so, not in an answer. */
const wantsCertificate = ({ code, details }: StatusError): boolean =>
  code === status.UNAVAILABLE && /alert/i.test(details) && /certificate/i.test(details);

const isStatusError = (error: unknown): error is StatusError & Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && 'metadata' in error;

/** What the coordinator itself said. */
function fromTrailer(error: StatusError): CapstanError | undefined {
  const [bytes] = error.metadata.get(errorTrailer);
  if (bytes === undefined) return undefined;
  try {
    const said = JSON.parse(bytes.toString()) as {
      readonly code: ErrorCode;
      readonly message: string;
    } & ErrorDetails;
    return new CapstanError(said.code, said.message, said);
  } catch {
    return undefined;
  }
}

function fromCode(error: StatusError & Error, address: string, nobodyHint: string): CapstanError {
  switch (error.code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED: {
      if (/protocol error/i.test(error.details)) {
        const message = `What answers at ${address} does not speak the protocol of a coordinator's port for operators.`;
        const hint =
          'Is it its port for HTTP? Commands go to --operator-listen, 7601 unless it was told otherwise.';
        return new CapstanError('unreachable', message, { hint, cause: error });
      }
      if (wantsCertificate(error)) {
        const message = `The coordinator at ${address} wants a certificate, and another one than it was shown, if it was.`;
        const hint =
          'Only nodes are served there: `capstan-agent enrol`. Commands go to --operator-listen, 7601.';
        return new CapstanError('unreachable', message, { hint, cause: error });
      }
      const distrust = distrustIn(error.details);
      if (distrust !== undefined) {
        return new CapstanError(
          'unreachable',
          `What answers at ${address} is not to be trusted: ${distrust}.`,
          {
            hint: 'Is it the right coordinator (its pin), is its --advertise what it is called here, and do the clocks agree?',
            cause: error,
          },
        );
      }
      const message =
        error.code === status.UNAVAILABLE
          ? `The coordinator at ${address} cannot be reached.`
          : `The coordinator at ${address} did not answer in time.`;
      return new CapstanError('unreachable', message, { hint: nobodyHint, cause: error });
    }
    case status.CANCELLED:
      return new CapstanError('cancelled', 'The call was given up.', { cause: error });
    case status.UNIMPLEMENTED:
      return new CapstanError('invalid', `The coordinator at ${address} does not know this command.`, {
        hint: 'Commands go to its port for operators (--operator-listen, 7601 unless it was told otherwise). If that is the one, it runs an older version.',
        cause: error,
      });
    case status.RESOURCE_EXHAUSTED:
      return new CapstanError('unavailable', error.details, { cause: error });
    default:
      return new CapstanError('internal', error.details, { cause: error });
  }
}

/** What TLS found wrong with the certificate of who answered; undefined if it was something else. */
function distrustIn(details: string): string | undefined {
  const found = /certificate|Hostname\/IP does not match/i.test(details);
  return found
    ? printable(details.replace(/^.*Last error: (?:Error: )?/s, '').replace(/\. Resolution note:.*$/s, ''))
    : undefined;
}
