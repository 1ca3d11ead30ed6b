import dns from 'node:dns';
import { cleanUp } from './cleanup.js';

/** Until the test is over, every name below `localhost` is this machine, as some systems have it and others do not. */
export function resolveLocalNames(): void {
  const { lookup } = dns;
  const local = (name: string, options: dns.LookupAllOptions, answer: Answer): void => {
    if (name.endsWith('.localhost')) answer(null, [{ address: '127.0.0.1', family: 4 }]);
    else lookup(name, options, answer);
  };
  Object.assign(dns, { lookup: local });
  cleanUp(() => {
    Object.assign(dns, { lookup });
  });
}

type Answer = (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void;
