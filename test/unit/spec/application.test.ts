import { expect } from 'chai';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';
import { good, replaceOnce } from './good-application.js';

describe('parseApplicationSpecs', () => {
  it('reads what lets a release into an environment', () => {
    const text = good
      .replace('      strategy: { type: live }', '      autoDeploy: { checks: [unit-tests] }')
      .replace(
        '      config:',
        '      promotion: { from: staging, bake: 1h, checks: [acceptance, smoke], approvals: 2 }\n      config:',
      );
    const [staging, production] = parseApplicationSpecs(text, 'web.yml')[0]?.environments ?? [];
    expect(staging?.autoDeploy).to.deep.equal({ checks: ['unit-tests'] });
    expect(staging?.promotion).to.equal(undefined);
    expect(production?.promotion).to.deep.equal({
      ...{ from: 'staging', bakeMs: 3_600_000, checks: ['acceptance', 'smoke'], approvals: 2 },
    });
  });

  it('reads the spec of the guide', () => {
    const [web, ...rest] = parseApplicationSpecs(good, 'web.yml');
    expect(rest).to.have.length(0);
    expect(web?.name).to.equal('web');
    const production = web?.environments[1];
    expect(production?.strategy).to.deep.equal({
      type: 'rolling',
      maxUnavailable: { kind: 'percent', percent: 20 },
      stageRequire: { kind: 'percent', percent: 100 },
      waves: [
        {
          name: 'pilot',
          members: { kind: 'canary', by: ['zone'], each: 1 },
          batch: undefined,
          bakeMs: 600_000,
          gate: 'manual',
        },
        {
          name: 'zone by zone',
          members: { kind: 'by', by: ['zone'] },
          batch: { kind: 'percent', percent: 10 },
          bakeMs: 60_000,
          gate: 'auto',
        },
      ],
      health: { minHealthyTimeMs: 10_000, deadlineMs: 300_000 },
      budget: { failed: { kind: 'percent', percent: 10 }, lost: { kind: 'percent', percent: 20 } },
      progressDeadlineMs: 600_000,
      onFailure: 'rollback',
    });
  });

  it('keeps values as they are written', () => {
    const [web] = parseApplicationSpecs(good, 'web.yml');
    expect(web?.environments[1]?.config).to.deep.equal({ LOG_LEVEL: 'warn', VERSION: '1.10', MASK: '0x1F' });
  });

  it('fills in the defaults', () => {
    const [web] = parseApplicationSpecs(good.replace('      strategy: { type: live }\n', ''), 'web.yml');
    const staging = web?.environments[0];
    expect(staging?.join).to.equal('stable');
    expect(staging?.config).to.deep.equal({});
    expect(staging?.strategy.type).to.equal('rolling');
    expect(staging?.strategy.maxUnavailable).to.deep.equal({ kind: 'count', count: 1 });
    expect(staging?.strategy.waves.map(({ members }) => members.kind)).to.deep.equal(['rest']);
  });

  it('reads waves by labels and facts, and those of a part of the environment', () => {
    const eu = '{ name: eu pilot, selector: region=eu, canary: { each: 2, by: [zone, facts.os] } }';
    const spread = '{ name: spread, canary: { total: 5%, by: facts.arch } }';
    const waves = `      strategy: { waves: [${eu}, ${spread}, { name: regions, by: region }] }`;
    const [web] = parseApplicationSpecs(good.replace('      strategy: { type: live }', waves), 'web.yml');
    const dealt = web?.environments[0]?.strategy.waves.map(({ members, within }) => [members, within?.text]);
    expect(dealt).to.deep.equal([
      [{ kind: 'canary', by: ['zone', 'facts.os'], each: 2 }, 'region=eu'],
      [{ kind: 'canaryTotal', by: ['facts.arch'], amount: { kind: 'percent', percent: 5 } }, undefined],
      [{ kind: 'by', by: ['region'] }, undefined],
    ]);
  });

  it('reads several applications of one file', () => {
    const text = `${good}---\n${good.replace('name: web', 'name: api')}---\n`;
    expect(parseApplicationSpecs(text, 'all.yml').map(({ name }) => name)).to.deep.equal(['web', 'api']);
  });

  it('reads blue and green, with the groups in the label "slot" unless it says another', () => {
    const strategyOf = (text: string) =>
      parseApplicationSpecs(replaceOnce(good, 'type: live', text), 'web.yml')[0]?.environments[0]?.strategy;
    expect(strategyOf('type: parallel')?.parallel).to.deep.equal({
      label: 'slot',
      switch: 'manual',
      overlapMs: 5_000,
      releaseAfterMs: undefined,
    });
    const all = 'type: parallel, parallel: { label: colour, switch: auto, overlap: 2s, releaseAfter: 1h }';
    expect(strategyOf(all)?.parallel).to.deep.equal({
      label: 'colour',
      switch: 'auto',
      overlapMs: 2_000,
      releaseAfterMs: 3_600_000,
    });
  });
});
