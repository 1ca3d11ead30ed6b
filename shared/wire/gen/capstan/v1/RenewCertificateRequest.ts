// Original file: proto/capstan/v1/agent.proto


export interface RenewCertificateRequest {
  'request'?: (Buffer | Uint8Array | string);
}

export interface RenewCertificateRequest__Output {
  'request': (Buffer);
}
