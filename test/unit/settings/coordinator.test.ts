import { expect } from 'chai';
import {
  assetsDirOf,
  checkSettings,
  hostFor,
  hostsOf,
  program,
  settingsTable,
  storeDirOf,
} from '../../../coordinator/config.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { loadSettings } from '../../../shared/settings/load.js';

const settingsOf = (...flags: readonly string[]) => {
  const loaded = loadSettings(program, settingsTable, ['--insecure-loopback', ...flags], {});
  if (loaded.kind !== 'run') throw new Error(`it is ${loaded.kind}`);
  return loaded.settings;
};

const check =
  (...flags: readonly string[]) =>
  () => {
    checkSettings(settingsOf(...flags));
  };

describe('settings of the coordinator', () => {
  it('take a bandwidth with its unit, and refuse what is none', () => {
    for (const [written, bytes] of [
      ['50MB', 50_000_000],
      ['1.5 GB', 1_500_000_000],
      ['10MiB', 10_485_760],
      ['0', 0],
      ['12345', 12_345],
    ] as const) {
      expect(settingsOf('--staging-bytes-per-second', written).stagingBytesPerSecond).to.equal(bytes);
    }
    for (const written of ['fast', '10Mi', '-1', '1e9', '10 MB/s', '']) {
      expect(() => settingsOf('--staging-bytes-per-second', written), written).to.throw();
    }
  });

  it('refuse a bandwidth whose unit was forgotten', () => {
    const rate = (written: string) => check('--staging-bytes-per-second', written);
    expect(rate('50'))
      .to.throw('50 bytes a second is no rate for a fleet')
      .with.property('hint', 'Give a unit: 50MB, or 0 for no limit.');
    for (const written of ['0', '10000', '50kB']) rate(written)();
  });

  it('keep events for at least an hour, or for ever', () => {
    expect(settingsOf().keepEvents).to.equal(90 * 86_400_000);
    for (const written of ['1h', '365d', '0s']) check('--keep-events', written)();
    for (const written of ['59m', '1ms'])
      expect(check('--keep-events', written)).to.throw('at least an hour');
    expect(() => settingsOf('--keep-events', '90')).to.throw(/duration/);
  });

  it('say how others reach a coordinator that listens everywhere, and its certificate is for that', () => {
    const secure = (...flags: readonly string[]) => {
      const loaded = loadSettings(program, settingsTable, flags, {});
      if (loaded.kind !== 'run') throw new Error(`it is ${loaded.kind}`);
      checkSettings(loaded.settings);
      return loaded.settings;
    };
    const everywhere = ['--agent-listen', '0.0.0.0:7600'];
    expect(() => secure(...everywhere)).to.throw(CapstanError, '--agent-listen 0.0.0.0:7600');
    expect(() => secure('--http-listen', '[::]:7602')).to.throw(CapstanError, '--http-listen [::]:7602');
    const settings = secure(...everywhere, '--advertise', 'deploy.example.com', '--advertise', '10.0.0.1');
    const own = ['127.0.0.1', 'localhost', '::1'];
    expect(hostsOf(settings)).to.have.members(['deploy.example.com', '10.0.0.1', ...own]);
    expect(hostFor(settings, { host: '0.0.0.0' })).to.equal('deploy.example.com');
    expect(hostFor(secure(), { host: '127.0.0.1' })).to.equal('127.0.0.1');
    for (const wrong of ['deploy.example.com:7601', 'https://deploy', '-x', '10.0.0.0/8']) {
      expect(() => secure('--advertise', wrong), wrong).to.throw(CapstanError);
    }
  });

  it('of the store for assets have to fit together', () => {
    check('--assets-store', 'file:/srv/assets')();
    check('--assets-store', 's3://bucket/web', '--assets-url', 'https://cdn.example.com/web')();
    expect(check('--assets-url', 'https://cdn')).to.throw(/without --assets-store/);
    expect(check('--assets-store', 's3://bucket/web')).to.throw(/needs --assets-url/);
    expect(check('--assets-store', 'https://cdn')).to.throw(/must be file:\/path or s3:/);
    expect(check('--assets-store', 'file:/srv', '--assets-url', 'cdn.example.com')).to.throw(
      /starts with http/,
    );
  });

  const secret = 'hunter2';
  const refused: readonly (readonly [string, RegExp])[] = [
    [`https://u:${secret}@h.example/x`, /must not hold credentials/],
    [`https://h.example/x?X-Amz-Signature=${secret}`, /must end with its path/],
    [`https//u:${secret}@h`, /is not a URL|starts with http/],
    [`ftp://u:${secret}@h`, /must not hold credentials|starts with http/],
    [`u:${secret}@h`, /is no store|starts with http/],
    [`s3://u:${secret}@bucket`, /must not hold credentials|starts with http/],
    ['s3:bucket', /two slashes before the bucket: s3:\/\/bucket|starts with http/],
    ['file:relative', /must be absolute|starts with http/],
    ['file:../x', /must be absolute|starts with http/],
    ['file://host/srv', /must not name a host|starts with http/],
    ['file:/srv/a#b', /must end with its path|starts with http/],
    ['file:/srv/a?b', /must end with its path|starts with http/],
  ];
  for (const flag of ['--store', '--public-store-url', '--assets-store', '--assets-url']) {
    it(`refuse a URL that is none, or tells a secret to everybody: ${flag}`, () => {
      const also = flag === '--assets-url' ? ['--assets-store', 'file:/srv/assets'] : [];
      for (const [url, says] of refused) {
        expect(check(flag, url, ...also), url)
          .to.throw(CapstanError, says)
          .that.satisfies(({ message, hint = '' }: CapstanError) => !`${message}${hint}`.includes(secret))
          .and.has.property('code', 'invalid');
      }
    });
  }

  it('read a file: URL as a path, however it is written', () => {
    expect(storeDirOf(settingsOf('--store', 'file:///srv/x/'))).to.equal('/srv/x');
    expect(storeDirOf(settingsOf('--store', 'file:/srv/a b'))).to.equal('/srv/a b');
    expect(assetsDirOf(settingsOf('--assets-store', 'file:/srv/as%20sets'))).to.equal('/srv/as sets');
  });
});
