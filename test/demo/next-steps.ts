import type { Fleet } from '../support/fleet.js';
import { programPath } from '../support/processes.js';
import type { Stage } from './stage.js';

/** The end of a demo that is over. */
export function tryNext(stage: Stage): void {
  stage.heading('Try next');
  stage.say('  npm run demo -- --keep         the same, and the fleet stays up for you to play with');
  stage.say('  npm run demo -- --agents 12    a larger fleet');
  stage.say('  bin/capstan --help             every command');
}

/** The end of a demo that stays up. */
export function whatToPlayWith(stage: Stage, fleet: Fleet, url: string): void {
  const { dir, nodes, operatorEnv } = fleet;
  const name = nodes[0]?.name ?? '';
  stage.heading('It stays up until Ctrl-C. In another terminal:');
  stage.say(`  cd ${dir}`);
  stage.say(
    `  export CAPSTAN_COORDINATOR=${operatorEnv['CAPSTAN_COORDINATOR'] ?? ''} CAPSTAN_INSECURE_LOOPBACK=1`,
  );
  stage.say(`  alias capstan=${programPath('capstan')}`);
  stage.say('  capstan status');
  stage.say('  capstan node list');
  stage.say(`  capstan why ${name}`);
  stage.say('  capstan rollback web --env production --wait    # back to 1.0.0');
  stage.say('  capstan deploy web@2.0.0 --env production       # and watch it: capstan rollout watch ID');
  stage.say(
    `  kill -9 ${nodes[0]?.program().pid ?? ''}                                 # the agent of ${name}: the application goes on`,
  );
  stage.say('  capstan events');
  stage.say(`  curl -i ${url}/api/ships        # through the load balancer`);
}
