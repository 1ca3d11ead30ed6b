import { expect } from 'chai';
import { checkSettings, program, settingsTable } from '../../../coordinator/config.js';
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
      ['0', 0],
      ['12345', 12_345],
    ] as const) {
      expect(settingsOf('--staging-bytes-per-second', written).stagingBytesPerSecond).to.equal(bytes);
    }
    for (const written of ['fast', '10MiB', '-1', '1e9', '10 MB/s', '']) {
      expect(() => settingsOf('--staging-bytes-per-second', written), written).to.throw();
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
});
