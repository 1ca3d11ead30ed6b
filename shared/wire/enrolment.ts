import type { CertificateAnswer, EnrolQuestion, RenewQuestion } from '../model/messages.js';
import { FieldReader } from './fields.js';
import { capstan } from './gen/agent-static.js';

const wire = capstan.v1;

export const encodeEnrolQuestion = (question: EnrolQuestion): Uint8Array =>
  wire.EnrolRequest.encode(question).finish();

export function decodeEnrolQuestion(bytes: Uint8Array): EnrolQuestion {
  const read = new FieldReader();
  const { token, name, request } = wire.EnrolRequest.decode(bytes);
  const question = {
    token: read.plain('token', token, 200),
    name: read.plain('name', name, 200),
    request,
  };
  read.check('The enrolment');
  return question;
}

export const encodeRenewQuestion = (question: RenewQuestion): Uint8Array =>
  wire.RenewCertificateRequest.encode(question).finish();

export function decodeRenewQuestion(bytes: Uint8Array): RenewQuestion {
  const { request } = wire.RenewCertificateRequest.decode(bytes);
  return { request };
}

export const encodeCertificateAnswer = (answer: CertificateAnswer): Uint8Array =>
  wire.CertificateResponse.encode({ ...answer, nowMs: Math.round(answer.nowMs) }).finish();

export function decodeCertificateAnswer(bytes: Uint8Array): CertificateAnswer {
  const read = new FieldReader();
  const message = wire.CertificateResponse.decode(bytes);
  const answer = {
    certificate: message.certificate,
    agentPort: read.count('agent_port', message.agentPort),
    nowMs: read.count('now_ms', message.nowMs),
  };
  read.check("The coordinator's answer", 'corrupt');
  return answer;
}
