import { defineConfig, globalIgnores } from 'eslint/config';
import { configs } from 'typescript-eslint';

/** What a pure core must not touch: time, chance and the outside come in as arguments. */
const impureGlobals = [
  'process',
  'console',
  'fetch',
  'performance',
  'crypto',
  'Promise',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'structuredClone',
].map((name) => ({ name, message: 'Cores are pure: hand in what is needed, or do it in io/.' }));

const impureProperties = [
  { object: 'Date', property: 'now', message: 'Take `now` as an argument.' },
  { object: 'Math', property: 'random', message: 'Take a random source as an argument.' },
];

const syntaxForAll = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
  { selector: 'TSParameterProperty', message: 'Declare the field and assign it.' },
  { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
  {
    selector: 'TSAsExpression > TSAsExpression',
    message: 'Two casts in a row hide a wrong type: narrow it.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'shared/wire/gen/', '**/*.{js,cjs,mjs}']),
  {
    files: ['**/*.ts'],
    extends: [configs.strictTypeChecked, configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      // There are no enums (see below), and the compiler names what is unused: slow rules with nothing to find.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      // A class with private fields is never taken for another one; the rule takes a fifth of the time of all.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-restricted-syntax': ['error', ...syntaxForAll],
      'object-shorthand': 'error',
      'prefer-template': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers read well in messages as they are; everything else is still refused.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => stop()` says what it does; only a value that is then used must not be void.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // `process.env` and the exit of the process belong to the composition roots.
    files: ['shared/**/*.ts', 'coordinator/**/*.ts', 'agent/**/*.ts'],
    ignores: ['**/main.ts', '**/config.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read settings in config.ts and hand them in.' },
        { object: 'process', property: 'exit', message: 'Let main.ts end the program.' },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['**/core/**/*.ts', 'shared/model/**/*.ts'],
    ignores: ['test/**'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': ['error', ...impureProperties],
      'no-restricted-syntax': [
        'error',
        ...syntaxForAll,
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Take `now` as an argument.',
        },
        { selector: ':function[async=true]', message: 'Cores do not wait.' },
      ],
    },
  },
  {
    // An assertion of chai is an expression.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
