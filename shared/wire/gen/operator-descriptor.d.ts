import type { INamespace } from 'protobufjs/light.js';
export declare const operatorDescriptor: INamespace;
