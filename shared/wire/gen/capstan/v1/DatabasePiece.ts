// Original file: proto/capstan/v1/operator.proto


export interface DatabasePiece {
  'bytes'?: (Buffer | Uint8Array | string);
}

export interface DatabasePiece__Output {
  'bytes': (Buffer);
}
