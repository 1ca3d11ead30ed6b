/** A way to break Capstan: one place of its source says something else. */
export interface Mutant {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly put: string;
}

const engine = (file: string, name: string, find: string, put: string): Mutant => ({
  ...{ name, find, put },
  file: `coordinator/core/rollout/${file}.ts`,
});

/** Each must be found by the simulator. Twenty and more of the engine; then some of what is around it. */
export const mutants: readonly Mutant[] = [
  engine(
    'assign',
    'one node more than maxUnavailable is taken',
    'index.unavailable < maxUnavailableOf(header, index)',
    'index.unavailable <= maxUnavailableOf(header, index)',
  ),
  engine(
    'roles',
    'nodes that are about to be changed count as serving',
    'node.open || node.busy !== undefined || !node.serving',
    'node.busy !== undefined || !node.serving',
  ),
  engine(
    'planning/new-node',
    'what a superseded rollout has under way is forgotten',
    'busy: assigned && busyWith(assigned),',
    'busy: undefined,',
  ),
  engine(
    'advance',
    'a wave passes while its last nodes are under way',
    'if (counts.queued > 0 || counts.open > 0 || counts.unheard > 0) return false;',
    'if (counts.queued > 0 || counts.unheard > 0) return false;',
  ),
  engine(
    'advance',
    'a wave passes while nobody knows how its nodes are',
    'if (counts.queued > 0 || counts.open > 0 || counts.unheard > 0) return false;',
    'if (counts.queued > 0 || counts.open > 0) return false;',
  ),
  engine(
    'advance',
    'a bake takes half its time',
    'bakeUntil: timeOf(draft) + wave.bakeMs }',
    'bakeUntil: timeOf(draft) + wave.bakeMs / 2 }',
  ),
  engine(
    'advance',
    'the gate of a canary opens by itself',
    "if (wave?.gate !== 'manual') return passWave(draft, '');",
    "if (wave?.gate !== 'manual' || wave.canary) return passWave(draft, '');",
  ),
  engine('budget', 'one canary may fail', 'wave.canary ? 0 :', 'wave.canary ? 1 :'),
  engine(
    'budget',
    'one failure more than the budget is let pass',
    'counts.failed > (wave.canary',
    'counts.failed > 1 + (wave.canary',
  ),
  engine(
    'budget',
    'the budget of lost nodes is not judged',
    'counts.lost > budgetOf(lost, counts.size)',
    'counts.lost > counts.size',
  ),
  engine(
    'assign',
    'batches are not kept',
    'counts.open < atMost(wave.batch, counts.size)',
    'counts.open >= 0',
  ),
  engine(
    'waves',
    'a rollback goes in waves',
    "cause === 'rollback' || cause === 'stage'",
    "cause === 'stage'",
  ),
  engine(
    'operator',
    'a retry goes on with the deadline there was',
    '    );\n  }\n  restartProgress(draft);\n}',
    '    );\n  }\n}',
  ),
  engine(
    'progress',
    'a deadline is judged a moment too late, so that nobody looks again',
    'timeOf(draft) >= draft.header.progressDue',
    'timeOf(draft) > draft.header.progressDue',
  ),
  engine(
    'nodes/presence',
    'a silent node keeps its slot when its lease ends',
    '    lose(draft, node);\n    return;\n  }\n  const { phase } = node;',
    '    return;\n  }\n  const { phase } = node;',
  ),
  engine(
    'advance',
    'a rollout that a person paused goes on',
    'if (draft.header.hold === undefined || isSwitching(draft.header)) {',
    "if (draft.header.hold?.by !== 'engine') {",
  ),
  engine(
    'operator',
    'a rollback cannot be aborted',
    "    case 'abort':\n",
    "    case 'abort':\n      if (draft.header.lane === 'back') return;\n",
  ),
  engine(
    'rollback',
    'a rollback that fails is rolled back',
    "  if (header.cause === 'rollback') return 'a rollback does not start another one';\n",
    '',
  ),
  engine(
    'rollback',
    'it goes back to the very release that failed',
    "  if (sameTarget(header.from, header.to)) return 'it is the release that ran before';\n",
    '',
  ),
  engine(
    'rollback',
    'nodes that are not healthy are left out of a rollback',
    'if (node !== undefined) put(draft, turned(draft, node));',
    "if (node?.phase === 'healthy') put(draft, turned(draft, node));",
  ),
  engine(
    'assign',
    'what failed is taken back from one node after the other',
    'index.unavailable < maxUnavailableOf(header, index);',
    "index.unavailable < (header.lane === 'back' ? 1 : maxUnavailableOf(header, index));",
  ),
  engine(
    'planning/plan',
    'nodes on their way to a third release go on to it if they do not serve',
    'if (node !== undefined) sendBack(draft, node);',
    'if (node?.serving === true) sendBack(draft, node);',
  ),
  engine(
    'planning/plan',
    'a node that was told to come back counts as back',
    'if (fresh.busy !== undefined) return',
    "if (fresh.busy !== undefined && runs(node, request.to)) return { ...fresh, phase: 'healthy', busy: undefined };\n  if (fresh.busy !== undefined) return",
  ),
  engine(
    'draft',
    'a rollback gives the same generation twice',
    '  draft.nextGeneration += 1;\n',
    "  if (draft.header.lane === 'forward') draft.nextGeneration += 1;\n",
  ),
  engine(
    'nodes/presence',
    'a decommissioned node stays in the plan',
    '  drop(draft, node);\n',
    "  put(draft, { ...node, liveness: 'lost' });\n",
  ),
  engine(
    'nodes/join',
    'a node that joins slips into the wave under way',
    'newNode(header, joining, -1, ordinal)',
    'newNode(header, joining, header.currentWave, ordinal)',
  ),
  engine(
    'amounts',
    'what must be staged is rounded down',
    'Math.ceil((base * amount.percent) / 100)',
    'Math.floor((base * amount.percent) / 100)',
  ),
  engine(
    'database',
    'every node runs the database step',
    'if (database === undefined || database.done) return false;',
    'if (database === undefined) return false;',
  ),
  engine(
    'database',
    'nobody waits for the node that runs the database step',
    'const isWaitedFor = !database.done || ',
    'const isWaitedFor = ',
  ),
  engine(
    'database',
    'a database step begins beside that of a superseded rollout',
    'find((node) => node?.busy !== undefined)',
    'find((node) => node === undefined)',
  ),
  engine(
    'assign',
    'a node that may still run the database step is told to run it again',
    'isMigrating(draft.header, node) || ',
    '',
  ),
  engine(
    'rollback',
    'it goes back past a database step that cannot be reversed',
    '  return noReturn(draft);\n',
    '  return undefined;\n',
  ),
  engine(
    'assign',
    "every node is given all of the fleet's bandwidth",
    '  else draft.room = { ...draft.room, left: draft.room.left - share };\n',
    '',
  ),
  engine(
    'parallel/switch',
    'a group of two is told to take none before the other one takes requests',
    '  setGroup(draft, towards, false);\n  tell(draft);\n',
    "  setGroup(draft, towards, false);\n  setGroup(draft, towards === 'fresh' ? 'old' : 'fresh', true);\n  tell(draft);\n",
  ),
  engine(
    'parallel/choose',
    'of two groups, the one that takes the requests is changed in place',
    'fresh: old === first ? second : first, old }',
    'fresh: old === second ? second : first, old: old === second ? first : second }',
  ),
  engine(
    'parallel/switch',
    'a switch that failed is not undone',
    "  undoSwitch(draft);\n  record(draft, 'switch.failed', reason);\n",
    "  record(draft, 'switch.failed', reason);\n",
  ),
  engine(
    'operator',
    'an abort in the middle of a switch leaves both groups with requests',
    "    case 'abort':\n      endSwitch(draft);\n",
    "    case 'abort':\n",
  ),
  engine(
    'parallel/switch',
    'two groups take requests for no time together',
    'until: timeOf(draft) + overlapMs }',
    'until: timeOf(draft) }',
  ),
  {
    name: 'a release counts as healthy at once',
    file: 'agent/core/health.ts',
    find: 'healthySince + policy.minHealthyTimeMs',
    put: 'healthySince',
  },
  {
    name: 'a report is acknowledged before it is committed',
    file: 'coordinator/orchestrator.ts',
    find: '    await this.#loop.do((batch) => {\n      takeReport(',
    put: '    void this.#loop.do((batch) => {\n      takeReport(',
  },
  {
    name: 'nodes whose desired state has changed are not told',
    file: 'coordinator/orchestrator.ts',
    find: '    for (const node of batch.woken) this.#desired.publish(node);\n',
    put: '',
  },
  {
    name: 'a call that is sent again is done again',
    file: 'coordinator/orchestrator/commands/answers.ts',
    find: "if (key === '') return",
    put: "if (key !== '') return",
  },
  {
    name: 'a report that was overtaken counts',
    file: 'coordinator/orchestrator/reports.ts',
    find: 'if (entry.session === session && sequence <= entry.sequence) return;',
    put: 'if (entry.session === session && sequence < 0) return;',
  },
  {
    name: 'a node that came while commits failed is forgotten',
    file: 'coordinator/orchestrator/nodes.ts',
    find: "if (!entry.record.decommissioned && livenessOf(liveness, name) === 'connected')",
    put: 'if (entry.record.decommissioned)',
  },
  {
    name: 'a node that was interrupted begins anew instead of going on',
    file: 'agent/core/transitions.ts',
    find: '  return { ...told, work: { ...work, begun: false } };\n',
    put: '  return { ...told, work: undefined };\n',
  },
  {
    name: 'maintenance windows are not kept',
    file: 'coordinator/orchestrator/locks/closures.ts',
    find: '    maintenance === undefined\n',
    put: "    maintenance === undefined || env !== ''\n",
  },
  {
    name: 'what is poisoned is refused to nobody',
    file: 'coordinator/orchestrator/poison.ts',
    find: '  if (poison?.since === undefined) return undefined;\n  const only',
    put: '  if (poison?.since !== 0) return undefined;\n  const only',
  },
  {
    name: 'one approval fewer than a gate asks for is enough',
    file: 'coordinator/core/promotion/gate.ts',
    find: 'return by.length >= needed ? []',
    put: 'return by.length + 1 >= needed ? []',
  },
  {
    name: 'a build may come in before it has baked',
    file: 'coordinator/core/promotion/gate.ts',
    find: 'return bakedMs >= bakeMs ? []',
    put: 'return bakedMs >= bakeMs / 2 ? []',
  },
  {
    name: 'a build that was let in once comes in though its check has failed since',
    file: 'coordinator/core/promotion/gate.ts',
    find: "if (isIn) return checks.filter(({ kind }) => kind === 'failedCheck');",
    put: 'if (isIn) return [];',
  },
];
