import { expect } from 'chai';
import { specChanges } from '../../../coordinator/orchestrator/commands/spec-changes.js';
import type { EnvironmentSpec } from '../../../shared/model/application.js';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';

function environment(...lines: readonly string[]): EnvironmentSpec {
  const head = 'apiVersion: capstan/v1\nkind: Application\nmetadata: { name: web }\nspec:\n  environments:\n';
  const text = `${head}    - name: prod\n      selector: env=prod\n${lines.map((line) => `      ${line}\n`).join('')}`;
  const [parsed] = parseApplicationSpecs(text, 'web.yml');
  const [first] = parsed?.environments ?? [];
  if (first === undefined) throw new Error('no environment');
  return first;
}

describe('what changed in an environment', () => {
  it('is told in the words of the file', () => {
    const before = environment(
      'config: { A: one }',
      'strategy: { maxUnavailable: 1, waves: [{ name: pilot, canary: { perZone: 1 }, bake: 1m }, { name: rest }] }',
    );
    const after = environment(
      'config: { A: two, B: "3" }',
      'strategy: { maxUnavailable: 20%, stage: { require: 100% }, waves: [{ name: pilot, canary: { perZone: 1 }, bake: 10m, gate: manual }, { name: others }] }',
    );
    expect(specChanges(before, after)).to.have.members([
      'config.A: "one" → "two"',
      'config.B: not set → "3"',
      'strategy.maxUnavailable: 1 → 20%',
      'strategy.stage.require: not set → 100%',
      'strategy.waves: pilot, rest → pilot, others',
      'strategy.waves.pilot.bake: 1m → 10m',
      'strategy.waves.pilot.gate: auto → manual',
    ]);
    expect(specChanges(before, before)).to.deep.equal([]);
  });

  it('is told of blue and green as well', () => {
    const before = environment('strategy: { type: rolling }');
    const after = environment('strategy: { type: parallel, parallel: { releaseAfter: 1h } }');
    expect(specChanges(before, after)).to.have.members([
      'strategy.type: rolling → parallel',
      'strategy.parallel.label: not set → slot',
      'strategy.parallel.switch: not set → manual',
      'strategy.parallel.overlap: not set → 5s',
      'strategy.parallel.releaseAfter: not set → 1h',
    ]);
  });

  it('is told to the millisecond', () => {
    const before = environment(
      'strategy: { health: { minHealthyTime: 1500ms }, progressDeadline: 1h30m59s }',
    );
    const after = environment('strategy: { health: { minHealthyTime: 2499ms }, progressDeadline: 1h30m58s }');
    expect(specChanges(before, after)).to.deep.equal([
      'strategy.health.minHealthyTime: 1s500ms → 2s499ms',
      'strategy.progressDeadline: 1h30m59s → 1h30m58s',
    ]);
  });
});
