import { join } from 'node:path';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { packageRoot } from '../../../shared/io/package-root.js';

/** What the reflection service tells of our services, so that tools such as grpcurl need no proto files. */
export const reflectedServices = (): PackageDefinition =>
  loadSync(['capstan/v1/agent.proto', 'capstan/v1/operator.proto'], {
    includeDirs: [join(packageRoot(), 'proto')],
  });
