import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'test/**', 'scripts/**']

const SCREENS = 'wp-plugin/src/**/*.{ts,tsx}'

/** What the tsconfig.json files include: the only files that rules with type information can be asked about. */
const TYPED = [
  SCREENS,
  '{shared,connectors,bridge-service}/src/**/*.ts',
  'test/**/*.ts',
  'scripts/**/*.ts',
  '*.config.ts',
]

const CONFIG_MESSAGE = 'Read the environment in bridge-service/src/config.ts only, and pass values on.'

export default defineConfig(
  globalIgnores([
    '**/node_modules',
    '**/coverage',
    '**/build',
    '**/dist',
    '**/.crosswalk',
    'test/fixtures',
    'tmp',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: TYPED,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Express 5 awaits the handlers it is given, so a promise where void is expected is no mistake.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    ignores: [...TESTS, '**/*.config.{js,ts}', 'bridge-service/src/config.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: CONFIG_MESSAGE }],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['env'],
            message: CONFIG_MESSAGE,
          })),
        },
      ],
    },
  },
  {
    files: [SCREENS],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['wp-plugin/plugin/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { window: 'readonly', document: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['{shared,connectors,bridge-service,wp-plugin}/src/**'],
    ignores: TESTS,
    rules: { 'no-console': 'error' },
  },
  prettier,
)
