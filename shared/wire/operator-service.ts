import protobuf, { type IConversionOptions, type Type } from 'protobufjs/light.js';
import type { OperatorServiceDefinition } from './gen/capstan/v1/OperatorService.js';
import { operatorDescriptor } from './gen/operator-descriptor.js';

/** What the generated types are made with. */
const conversion: IConversionOptions = { longs: String, enums: String, defaults: true, oneofs: true };

/**
 * The operators' service for grpc-js. The types of a message are looked up, and its code is made, when it is first sent or
 * received: a command needs a few of them.
 */
export function loadOperatorService(): OperatorServiceDefinition {
  const name = 'capstan.v1.OperatorService';
  const service = protobuf.Root.fromJSON(operatorDescriptor).lookupService(name);
  const methods: unknown = Object.fromEntries(
    service.methodsArray.map((method) => {
      const request = codec(() => service.lookupType(method.requestType));
      const response = codec(() => service.lookupType(method.responseType));
      const definition = {
        path: `/${name}/${method.name}`,
        requestStream: method.requestStream === true,
        responseStream: method.responseStream === true,
        requestSerialize: request.serialize,
        requestDeserialize: request.deserialize,
        responseSerialize: response.serialize,
        responseDeserialize: response.deserialize,
      };
      return [method.name, definition];
    }),
  );
  return methods as OperatorServiceDefinition;
}

function codec(find: () => Type) {
  let found: Type | undefined;
  const type = (): Type => (found ??= find());
  return {
    serialize: (message: Record<string, unknown>): Uint8Array =>
      type().encode(type().fromObject(message)).finish(),
    deserialize: (bytes: Uint8Array): unknown => type().toObject(type().decode(bytes), conversion),
  };
}
