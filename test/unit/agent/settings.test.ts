import { expect } from 'chai';
import {
  type AgentConfig,
  checkSettings,
  program,
  settingsTable,
} from '../../../agent/stager/settings/settings.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { loadSettings } from '../../../shared/settings/load.js';

function configOf(...more: readonly string[]): AgentConfig {
  const argv = ['--insecure-loopback', '--name', 'n1', '--coordinator', '127.0.0.1:1', ...more];
  const loaded = loadSettings(program, settingsTable, argv, {});
  if (loaded.kind !== 'run') throw new Error(`it wants to print its ${loaded.kind}`);
  return checkSettings(loaded.settings, undefined);
}

describe('settings of the agent', () => {
  it('take every amount with a unit, and without', () => {
    const rates = ['--fetch-bytes-per-second', '--peer-bytes-per-second'];
    const sizes = ['--reserve-mb', '--peer-from-mb', '--peer-spool-mb'];
    const units = configOf(
      ...rates.flatMap((flag) => [flag, '50MB']),
      ...sizes.flatMap((flag) => [flag, '2GB']),
    );
    const numbers = configOf(
      ...rates.flatMap((flag) => [flag, '50000000']),
      ...sizes.flatMap((flag) => [flag, '2000']),
    );
    expect(units.settings).to.deep.equal(numbers.settings);
    expect(units.settings).to.include({ fetchBytesPerSecond: 50_000_000, peerFromMb: 2000 });
  });

  it('refuse one port for two purposes', () => {
    const listening = (listen: string, peer: string) => () =>
      configOf('--listen', listen, '--peer-listen', peer);
    for (const listen of ['127.0.0.1:7651', 'localhost:7651', '0.0.0.0:7651', '[::]:7651']) {
      expect(listening(listen, '127.0.0.1:7651'), listen).to.throw(CapstanError, 'cannot have the same port');
    }
    expect(listening('127.0.0.1:7651', '127.0.0.2:7651')).not.to.throw();
    expect(listening('127.0.0.1:7651', '127.0.0.1:7660')).not.to.throw();
    expect(listening('127.0.0.1:0', '127.0.0.1:0')).not.to.throw();
    const checking =
      (...more: readonly string[]) =>
      () =>
        configOf('--listen', '127.0.0.1:7650', '--agent-check', ...more);
    expect(checking('0.0.0.0:7650')).to.throw('--listen 127.0.0.1:7650 and --agent-check 0.0.0.0:7650');
    expect(checking('127.0.0.1:7651', '--peer-listen', '127.0.0.1:7651')).to.throw(
      '--agent-check 127.0.0.1:7651 and',
    );
    expect(checking('127.0.0.1:7651')).not.to.throw();
  });
});
