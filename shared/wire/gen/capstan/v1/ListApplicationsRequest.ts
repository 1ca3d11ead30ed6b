// Original file: proto/capstan/v1/operator.proto


export interface ListApplicationsRequest {
}

export interface ListApplicationsRequest__Output {
}
