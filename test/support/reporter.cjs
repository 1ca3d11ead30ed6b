const Mocha = require('mocha');

/** mocha's own report with a last line for machines: `N passed, N failed`, and `, N skipped` if there are any. */
class Reporter extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    console.log(`${passes} passed, ${failures} failed${skipped}`);
  }
}

module.exports = Reporter;
