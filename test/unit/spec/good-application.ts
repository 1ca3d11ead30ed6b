import { expect } from 'chai';

/** A spec in which there is nothing to refuse. */
export const good = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: staging
      selector: env=staging
      strategy: { type: live }
    - name: production
      selector: env=production,role=web
      config: { LOG_LEVEL: warn, VERSION: 1.10, MASK: 0x1F }
      strategy:
        type: rolling
        maxUnavailable: 20%
        stage: { require: 100% }
        waves:
          - { name: pilot, canary: { perZone: 1 }, bake: 10m, gate: manual }
          - { name: zone by zone, by: zone, batch: 10%, bake: 1m }
        health: { minHealthyTime: 10s, deadline: 5m }
        budget: { failed: 10%, lost: 20% }
        progressDeadline: 10m
        onFailure: rollback
`;

export function replaceOnce(text: string, from: string, to: string): string {
  expect(text, 'the example').to.include(from);
  return text.replace(from, () => to);
}
