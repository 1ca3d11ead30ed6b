import { expect } from 'chai';
import { nodeValues } from '../../../agent/io/conf/node-values.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { app, env, releaseId, target } from '../../sim/fixtures.js';

const head = 'apiVersion: capstan/v1\nkind: Release\nconfig: { PORT: 80 }\n';
const config = {
  PORT: '81',
  OTHER: 'x',
  CAPSTAN_ASSETS_URL: 'https://cdn/assets/1',
  CAPSTAN_ASSETS_MAP: '{}',
  CAPSTAN_APP: 'forged',
};

const envOf = (yaml: string): Readonly<Record<string, string>> =>
  nodeValues(() => [], { LANG: 'C' }).envOf({
    ...{ app, env, dir: '1.0.0', path: '/srv/web/releases/1.0.0', order: 1 },
    release: releaseId(target(1)),
    spec: parseReleaseSpec(`${head}${yaml}`, 'capstan.yml'),
    config,
  });

describe('the environment of a release', () => {
  it('has what the release declares, and who it is, which no configuration can forge', () => {
    const values = envOf('');
    expect(values).to.include({ PORT: '81', LANG: 'C', CAPSTAN_APP: 'web', CAPSTAN_RELEASE: '1.0.0' });
    expect(values).not.to.have.any.keys('OTHER', 'CAPSTAN_ASSETS_URL', 'CAPSTAN_ASSETS_MAP');
  });

  it('has where its assets are, if it has some', () => {
    expect(envOf('assets: { dirs: [public] }\n')).to.include({
      CAPSTAN_ASSETS_URL: 'https://cdn/assets/1',
      CAPSTAN_ASSETS_MAP: '{}',
    });
  });
});
