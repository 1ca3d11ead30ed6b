import { Client, Metadata } from '@grpc/grpc-js';
import { ownProtocol, protocolKey } from '../core/skew.js';
import { type ChannelIdentity, secureChannel } from '../identity/channel.js';
import { CapstanError } from '../model/errors.js';
import type { CertificateAnswer, EnrolQuestion, RenewQuestion } from '../model/messages.js';
import { agentService, enrolmentService, type Received, taken } from './agent-messages.js';
import { enrolmentError, errorFromStatus } from './client-error.js';

/** A rack that is switched on enrols in one moment, and the coordinator has six milliseconds of work for each server. */
const deadlineMs = 60_000;

/** @param address `host:port`, of the operators' port */
export const askToEnrol = (
  address: string,
  identity: ChannelIdentity,
  question: EnrolQuestion,
): Promise<CertificateAnswer> => ask(address, identity, enrolmentService.enrol, question, enrolmentError);

/** @param address `host:port`, of the agents' port */
export const askForRenewal = (
  address: string,
  identity: ChannelIdentity,
  question: RenewQuestion,
): Promise<CertificateAnswer> =>
  ask(address, identity, agentService.renewCertificate, question, renewalError);

/** Whether the address is one of the settings, or of the enrolment, whoever asks for the renewal says. */
const renewalError = (error: unknown, address: string): CapstanError =>
  errorFromStatus(error, address, 'Check that it runs, and listens to agents there (its --agent-listen).');

interface Method<Question> {
  readonly path: string;
  readonly requestSerialize: (question: Question) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Received<CertificateAnswer>;
}

/** One call on a connection of its own. */
async function ask<Question>(
  address: string,
  identity: ChannelIdentity,
  { path, requestSerialize, responseDeserialize }: Method<Question>,
  question: Question,
  errorOf: (error: unknown, address: string) => CapstanError,
): Promise<CertificateAnswer> {
  const { credentials, options } = secureChannel(address, identity);
  const client = new Client(address, credentials, options);
  const metadata = new Metadata();
  metadata.set(protocolKey, String(ownProtocol));
  try {
    const answer = await new Promise<Received<CertificateAnswer>>((resolve, reject) => {
      client.makeUnaryRequest<Question, Received<CertificateAnswer>>(
        path,
        requestSerialize,
        responseDeserialize,
        question,
        metadata,
        { deadline: Date.now() + deadlineMs },
        (error, received) => {
          if (error !== null) reject(errorOf(error, address));
          else if (received === undefined)
            reject(new CapstanError('internal', 'The coordinator sent an empty answer.'));
          else resolve(received);
        },
      );
    });
    return taken(answer);
  } finally {
    client.close();
  }
}
