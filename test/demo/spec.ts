/** What the demo applies: a pilot, then zone by zone, with a third of the servers out of service at most. */
export const applicationSpec = `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: role=web
      strategy:
        type: rolling
        maxUnavailable: 34%
        stage: { require: 100% }
        waves:
          - { name: pilot, canary: { total: 1 }, bake: 2s }
          - { name: zones, by: zone }
        health: { minHealthyTime: 1s, deadline: 8s }
        progressDeadline: 2m
        onFailure: rollback
`;
