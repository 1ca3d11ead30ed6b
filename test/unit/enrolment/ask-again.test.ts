import { expect } from 'chai';
import { askAgain } from '../../../agent/stager/identity/ask-again.js';
import { CapstanError, type ErrorCode } from '../../../shared/model/errors.js';

/** What comes of asking when these answers come in turn, and how long it was waited in between. */
async function asking(answers: readonly (ErrorCode | 'answer')[], retryAfterMs?: number) {
  const waited: number[] = [];
  let asked = 0;
  const outcome = await askAgain(
    () => {
      const answer = answers[asked++] ?? 'answer';
      if (answer === 'answer') return Promise.resolve('answer');
      const details = retryAfterMs === undefined ? {} : { retryAfterMs };
      return Promise.reject(new CapstanError(answer, 'no', details));
    },
    {
      clock: {
        sleep: (ms) => {
          waited.push(ms);
          return Promise.resolve();
        },
      },
      random: { next: () => 0.5 },
    },
  ).catch((error: unknown) => CapstanError.from(error).code);
  return { outcome, asked, waited };
}

describe('asking to enrol', () => {
  it('is done again where nobody answered or somebody had too much to do, with longer and longer pauses', async () => {
    const { outcome, waited } = await asking(['unreachable', 'unavailable', 'unreachable']);
    expect(outcome).to.equal('answer');
    expect(waited)
      .to.deep.equal(waited.toSorted((a, b) => a - b))
      .and.to.have.length(3);
    expect((await asking(['unavailable'], 7000)).waited).to.deep.equal([7000]);
  });

  it('is given up after four times, and at once where the answer is no', async () => {
    expect(await asking(Array<ErrorCode>(9).fill('unreachable'))).to.include({
      ...{ outcome: 'unreachable', asked: 4 },
    });
    expect(await asking(['refused'])).to.include({ outcome: 'refused', asked: 1 });
  });
});
