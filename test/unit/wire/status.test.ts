import { Metadata, status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { CapstanError, type ErrorCode } from '../../../shared/model/errors.js';
import { errorFromStatus } from '../../../shared/wire/client-error.js';
import { statusFromError } from '../../../shared/wire/status.js';

/** What a caller makes of an error that the other side answered with. */
const across = (error: unknown): CapstanError =>
  errorFromStatus(Object.assign(new Error(), statusFromError(error)), 'host:1');

describe('errors over gRPC', () => {
  it('come out as they went in', () => {
    const location = { file: 'web.yml', line: 12, column: 25 };
    const said = across(new CapstanError('invalid', 'No.', { hint: 'Do otherwise.', location }));
    expect(said).to.include({ code: 'invalid', message: 'No.', hint: 'Do otherwise.' });
    expect(said.location).to.deep.equal(location);
  });

  it('have the status that tools know', () => {
    const codes: Readonly<Record<ErrorCode, status>> = {
      invalid: status.INVALID_ARGUMENT,
      unreachable: status.UNAVAILABLE,
      refused: status.FAILED_PRECONDITION,
      unauthenticated: status.UNAUTHENTICATED,
      permissionDenied: status.PERMISSION_DENIED,
      conflict: status.ALREADY_EXISTS,
      notFound: status.NOT_FOUND,
      failed: status.ABORTED,
      unavailable: status.UNAVAILABLE,
      corrupt: status.DATA_LOSS,
      cancelled: status.CANCELLED,
      internal: status.INTERNAL,
    };
    for (const [code, expected] of Object.entries(codes)) {
      expect(statusFromError(new CapstanError(code as ErrorCode, 'x')).code, code).to.equal(expected);
    }
  });

  it('push back with a time to wait', () => {
    const busy = new CapstanError('unavailable', 'Busy.', { retryAfterMs: 700 });
    expect(statusFromError(busy).code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(across(busy)).to.include({ code: 'unavailable', retryAfterMs: 700 });
  });

  it('are cut where they repeat what is long', () => {
    const name = 'a'.repeat(100_000);
    const said = across(new CapstanError('invalid', name, { hint: name, location: { file: name } }));
    const short = `${'a'.repeat(2000)}…`;
    expect([said.message, said.hint, said.location?.file]).to.deep.equal([short, short, short]);
    const halved = across(new CapstanError('invalid', `${'a'.repeat(1999)}🚢`)).message;
    expect(halved, 'no half of a surrogate pair').to.equal(`${'a'.repeat(1999)}\u{fffd}…`);
  });

  it('say that nobody answered when nobody did', () => {
    const bare = { code: status.UNAVAILABLE, details: 'No connection established', metadata: new Metadata() };
    const error = errorFromStatus(Object.assign(new Error(), bare), '127.0.0.1:9');
    expect(error.code).to.equal('unreachable');
    expect(error.message).to.contain('127.0.0.1:9');
  });

  it('keep what is said beyond ASCII', () => {
    expect(across(new CapstanError('failed', 'Größe 5 GB – zu groß 🚢')).message).to.equal(
      'Größe 5 GB – zu groß 🚢',
    );
  });
});
