/**
 * Two builds of the same screens: `wp-admin` uses what WordPress ships (React, components, i18n); `console` brings all
 * of it along, for the bridge serves it where there is no WordPress. Run by scripts/screens/build.ts, which gives `out`.
 */
const { resolve } = require('node:path')
const base = require('@wordpress/scripts/config/webpack.config')

/** WordPress's own scripts are only there in wp-admin; the console has no right-to-left language yet. */
const NOT_IN_CONSOLE = ['DependencyExtractionWebpackPlugin', 'RtlCssPlugin']

const build = (name, out, more = {}) => ({
  ...base,
  name,
  entry: { [name]: resolve(__dirname, 'src', `${name}.tsx`) },
  output: { ...base.output, path: resolve(out ?? resolve(__dirname, 'build', name)) },
  // The weight that counts is guarded by a test, over the wire.
  performance: false,
  ...more,
})

module.exports = (env) => [
  build('wp-admin', env.out),
  build('console', env.out, {
    plugins: base.plugins.filter((plugin) => !NOT_IN_CONSOLE.includes(plugin.constructor.name)),
  }),
]
