// Original file: proto/capstan/v1/operator.proto


export interface CopyDatabaseRequest {
}

export interface CopyDatabaseRequest__Output {
}
