import { expect } from 'chai';
import { parseApplicationSpecs } from '../../../shared/spec/application.js';
import { failure } from './failure.js';
import { good, replaceOnce } from './good-application.js';

describe('parseApplicationSpecs, of what cannot be meant', () => {
  const live = '      strategy: { type: live }';
  const waves = (text: string): readonly [string, string] => [live, `      strategy: { waves: [${text}] }`];
  const faults: readonly {
    readonly it: string;
    readonly edits: readonly (readonly [string, string])[];
    readonly at: readonly [line: number, column: number];
    readonly says: RegExp;
  }[] = [
    {
      it: 'an unknown key',
      edits: [['selector: env=staging', 'selectr: env=staging']],
      at: [7, 7],
      says: /unknown key "selectr"; did you mean "selector"\?/,
    },
    {
      it: 'a missing key',
      edits: [['metadata: { name: web }', 'metadata: {}']],
      at: [3, 11],
      says: /metadata\.name is missing/,
    },
    {
      it: 'an empty value',
      edits: [['maxUnavailable: 20%', 'maxUnavailable:']],
      at: [14, 24],
      says: /maxUnavailable is empty/,
    },
    {
      it: 'another kind of document',
      edits: [['kind: Application', 'kind: Release']],
      at: [2, 7],
      says: /kind must be "Application", not "Release"/,
    },
    {
      it: 'a name that is none',
      edits: [['name: web', 'name: Web_1']],
      at: [3, 19],
      says: /"Web_1" is not a name/,
    },
    {
      it: 'a bad duration',
      edits: [['bake: 10m', 'bake: 10 minutes']],
      at: [17, 58],
      says: /"10 minutes" is not a duration/,
    },
    {
      it: 'a duration without unit',
      edits: [['bake: 10m', 'bake: 10']],
      at: [17, 58],
      says: /10 has no unit/,
    },
    {
      it: '120 %',
      edits: [['maxUnavailable: 20%', 'maxUnavailable: 120%']],
      at: [14, 25],
      says: /120% is more than the whole/,
    },
    {
      it: 'a negative count',
      edits: [['maxUnavailable: 20%', 'maxUnavailable: -1']],
      at: [14, 25],
      says: /must be at least 0/,
    },
    {
      it: 'nothing unavailable',
      edits: [['maxUnavailable: 20%', 'maxUnavailable: 0']],
      at: [14, 25],
      says: /nothing could ever move/,
    },
    {
      it: 'a selector that is none',
      edits: [['env=production,role=web', 'env=production,role in (web']],
      at: [10, 44],
      says: /a comma or "\)" here/,
    },
    {
      it: 'a quoted selector that is none',
      edits: [['selector: env=staging', 'selector: "env="']],
      at: [7, 22],
      says: /a value for "env" here/,
    },
    {
      it: 'an unknown strategy',
      edits: [['type: live', 'type: canary']],
      at: [8, 25],
      says: /must be one of live, rolling, parallel, not "canary"/,
    },
    {
      it: 'groups of a strategy that has none',
      edits: [['type: live', 'type: live, parallel: { switch: auto }']],
      at: [8, 31],
      says: /which the strategy live does not do; set type: parallel/,
    },
    {
      it: 'a check that is none',
      edits: [[live, '      autoDeploy: { checks: [unit tests] }']],
      at: [8, 30],
      says: /"unit tests" cannot be the name of a check/,
    },
    {
      it: 'a check twice',
      edits: [[live, '      promotion: { checks: [smoke, smoke] }']],
      at: [8, 36],
      says: /the check "smoke" is named twice/,
    },
    {
      it: 'a promotion that asks for nothing',
      edits: [[live, '      promotion: { approvals: 0 }']],
      at: [8, 18],
      says: /promotion: asks for nothing/,
    },
    {
      it: 'four eyes and nobody who has to approve',
      edits: [[live, '      promotion: { checks: [a], fourEyes: true }']],
      at: [8, 33],
      says: /fourEyes needs approvals/,
    },
    {
      it: 'a bake nowhere',
      edits: [[live, '      promotion: { bake: 1h, approvals: 1 }']],
      at: [8, 20],
      says: /bake needs from/,
    },
    {
      it: 'a mistyped key of promotion',
      edits: [[live, '      promotion: { approval: 1 }']],
      at: [8, 20],
      says: /unknown key "approval"; did you mean "approvals"/,
    },
    {
      it: 'promotion from nowhere',
      edits: [['      config:', '      promotion: { from: qa }\n      config:']],
      at: [11, 26],
      says: /no environment "qa" to promote from/,
    },
    {
      it: 'a cycle in promotion',
      edits: [
        [live, '      promotion: { from: production }'],
        ['      config:', '      promotion: { from: staging }\n      config:'],
      ],
      at: [8, 26],
      says: /circle: staging -> production -> staging/,
    },
    {
      it: 'promotion from itself',
      edits: [[live, '      promotion: { from: staging }']],
      at: [8, 26],
      says: /circle: staging -> staging/,
    },
    {
      it: 'two environments of one name',
      edits: [['name: production', 'name: staging']],
      at: [9, 13],
      says: /two environments named "staging"/,
    },
    {
      it: 'two waves of one name',
      edits: [['name: zone by zone', 'name: pilot']],
      at: [18, 21],
      says: /two waves named "pilot"/,
    },
    {
      it: 'a wave after the rest',
      edits: [waves('{ name: rest }, { name: more, nodes: 1 }')],
      at: [8, 43],
      says: /"more" can never have a node: "rest" before it/,
    },
    {
      it: 'waves that leave nodes out',
      edits: [waves('{ name: some, nodes: 1 }')],
      at: [8, 27],
      says: /leave nodes out/,
    },
    {
      it: 'a canary of nobody',
      edits: [['perZone: 1', 'perZone: 0']],
      at: [17, 47],
      says: /perZone must be at least 1/,
    },
    {
      it: 'a canary that says nothing',
      edits: [['{ perZone: 1 }', '{}']],
      at: [17, 36],
      says: /needs one of each, total and perZone/,
    },
    {
      it: 'a canary by a fact that there is not',
      edits: [['{ perZone: 1 }', '{ each: 1, by: facts.oss }']],
      at: [17, 51],
      says: /there is no fact "facts\.oss"; did you mean "facts\.os"\?/,
    },
    {
      it: 'a canary that goes by zone and by something else',
      edits: [['{ perZone: 1 }', '{ perZone: 1, by: facts.os }']],
      at: [17, 50],
      says: /perZone goes by zone; write \{ each: 1, by: … \}/,
    },
    {
      it: 'a wave of its own for every node',
      edits: [['by: zone', 'by: facts.hostname']],
      at: [18, 39],
      says: /every node is a group of its own by facts\.hostname/,
    },
    {
      it: 'groups that are named twice',
      edits: [['by: zone', 'by: [region, zone, region]']],
      at: [18, 39],
      says: /"region" is there twice/,
    },
    {
      it: 'waves that end with one for some',
      edits: [waves('{ name: rest, selector: zone=a }')],
      at: [8, 27],
      says: /leave nodes out/,
    },
    {
      it: 'a selector of a wave with a size that is none',
      edits: [waves('{ name: big, selector: "facts.memory>=8" }, { name: rest }')],
      at: [8, 65],
      says: /"facts\.memory" is a size, and "8" is none/,
    },
    {
      it: 'a wave that says twice who is in it',
      edits: [['by: zone,', 'by: zone, nodes: 3,']],
      at: [18, 35],
      says: /says twice who is in it/,
    },
    {
      it: 'a batch above maxUnavailable (octopus MaxParallelism: one knob must not override another)',
      edits: [waves('{ name: rest, batch: 3 }')],
      at: [8, 48],
      says: /batch of 3 can never be reached: maxUnavailable is 1/,
    },
    {
      it: 'a deadline before the minimum time',
      edits: [['deadline: 5m', 'deadline: 5s']],
      at: [19, 35],
      says: /no node could ever become healthy/,
    },
    {
      it: 'a deadline after the end',
      edits: [['deadline: 5m', 'deadline: 15m']],
      at: [19, 50],
      says: /longer than progressDeadline \(10m\)/,
    },
    {
      it: 'a loader variable',
      edits: [['LOG_LEVEL', 'LD_PRELOAD']],
      at: [11, 17],
      says: /changes how programs are loaded/,
    },
    { it: 'a reserved variable', edits: [['LOG_LEVEL', 'CAPSTAN_X']], at: [11, 17], says: /reserved/ },
    {
      it: 'a value name that is none',
      edits: [['LOG_LEVEL', 'LOG-LEVEL']],
      at: [11, 17],
      says: /cannot be the name of a value/,
    },
    {
      it: 'an empty configuration value',
      edits: [['LOG_LEVEL: warn', 'LOG_LEVEL:']],
      at: [11, 27],
      says: /is empty/,
    },
    {
      it: 'a key that is there twice',
      edits: [['type: rolling', 'type: rolling\n        type: live']],
      at: [14, 9],
      says: /keys must be unique/,
    },
    { it: 'what is not YAML', edits: [['{ name: web }', '{ name: web']], at: [4, 1], says: /Not valid YAML/ },
    {
      it: 'a list where a map should be',
      edits: [['metadata: { name: web }', 'metadata: [web]']],
      at: [3, 11],
      says: /metadata must be a map, not a list/,
    },
  ];
  for (const fault of faults) {
    it(`refuses ${fault.it}, with line and column`, () => {
      const text = fault.edits.reduce((before, [from, to]) => replaceOnce(before, from, to), good);
      const error = failure(() => parseApplicationSpecs(text, 'web.yml'));
      expect(error.code).to.equal('invalid');
      expect(error.message).to.match(fault.says);
      expect(error.message).to.match(/[.?]$/);
      const [line, column] = fault.at;
      expect(error.location).to.deep.equal({ file: 'web.yml', line, column });
    });
  }

  it('refuses an application that is in the file twice', () => {
    const error = failure(() => parseApplicationSpecs(`${good}---\n${good}`, 'web.yml'));
    expect(error.message).to.equal('The application "web" is in the file twice.');
    expect(error.location?.line).to.equal(26);
  });

  it('refuses a file without applications', () => {
    expect(failure(() => parseApplicationSpecs('# nothing\n---\n', 'web.yml')).message).to.match(
      /holds no application/,
    );
  });

  it('says what is wrong with a number of approvals that is none', () => {
    const text = good.replace('      config:', '      promotion: { approvals: -1 }\n      config:');
    const fault = failure(() => parseApplicationSpecs(text, 'web.yml'));
    expect(fault.message).to.equal('spec.environments[1].promotion.approvals must be at least 0.');
    expect(fault.location).to.include({ line: 11, column: 31 });
  });

  it('points at an alias that stands for nothing', () => {
    const text = good.replace('selector: env=staging', 'selector: *.example.org');
    const unknown = failure(() => parseApplicationSpecs(text, 'web.yml'));
    expect(unknown.message).to.match(/^There is no "&\.example\.org" before "\*\.example\.org"/);
    expect(unknown.location).to.deep.equal({ file: 'web.yml', line: 7, column: 17 });
  });

  it('is not drowned by aliases, depth or size', () => {
    const rows = 'abcdefgh'.split('').map((name, index, all) => {
      const inside =
        index === 0 ? 'x' : Array.from({ length: 9 }, () => `*${all[index - 1] ?? ''}`).join(',');
      return `${name}: &${name} [${inside}]`;
    });
    expect(failure(() => parseApplicationSpecs(`${rows.join('\n')}\n`, 'bomb.yml')).message).to.match(
      /aliases too often/,
    );
    const many = `a: &a x\nb: [${Array.from({ length: 200 }, () => '*a').join(',')}]\n`;
    expect(failure(() => parseApplicationSpecs(many, 'many.yml')).message).to.match(/aliases too often/);
    expect(failure(() => parseApplicationSpecs('['.repeat(200_000), 'deep.yml')).message).to.match(
      /nested too deeply/,
    );
    expect(
      failure(() => parseApplicationSpecs(`${'{a: '.repeat(80)}1${'}'.repeat(80)}`, 'deep.yml')).message,
    ).to.match(/nested too deeply/);
    expect(failure(() => parseApplicationSpecs('#'.repeat(2_000_000), 'big.yml')).message).to.match(
      /larger than 1024 KiB/,
    );
  });

  it('says in one line what it refuses, whatever is in the file (found by fuzzing)', () => {
    const texts = [
      replaceOnce(good, 'capstan/v1', '"cap\\r\\nstan"'),
      replaceOnce(good, 'live }', '"a\\nb" }'),
      replaceOnce(good, 'type: live', '"ty\\npe": live'),
      'a: *b\u2028c',
    ];
    for (const text of texts) {
      const { message } = failure(() => parseApplicationSpecs(text, 'x.yml'));
      expect(message).to.match(/^[^\p{Cc}\p{Zl}]+$/u);
    }
  });
});
