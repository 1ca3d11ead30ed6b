const Mocha = require('mocha');

const { EVENT_RUN_END } = Mocha.Runner.constants;

/** How long after the last test something may still keep the process alive. Milliseconds. */
const graceMs = 5_000;

/**
 * mocha's own report with a last line for machines: `N passed, N failed`, and `, N skipped` if there are any.
 * A timer, socket or child process that a test left behind keeps the process alive: it is named and fails the run.
 */
class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(EVENT_RUN_END, () => {
      setTimeout(() => {
        console.error(`still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
        process.exit(1);
      }, graceMs).unref();
    });
  }

  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    console.log(`${passes} passed, ${failures} failed${skipped}`);
  }
}

module.exports = Reporter;
