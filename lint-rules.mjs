// Rules of this project that no linter brings along. `.oxlintrc.json` says where each of them holds.

/** A rule that refuses what the selector finds. `message` says what to do instead. */
const refuse = (selector, message) => ({
  create: (context) => ({
    [selector](node) {
      context.report({ node, message });
    },
  }),
});

export default {
  meta: { name: 'capstan' },
  rules: {
    'no-double-cast': refuse(
      'TSAsExpression > TSAsExpression',
      'Two casts in a row hide a wrong type: narrow it.',
    ),
    'no-default-export': refuse('ExportDefaultDeclaration', 'Use a named export.'),
    'no-current-time': refuse(
      'NewExpression[callee.name="Date"][arguments.length=0]',
      'Take `now` as an argument.',
    ),
    'no-waiting': refuse(':function[async=true]', 'Cores do not wait.'),
  },
};
