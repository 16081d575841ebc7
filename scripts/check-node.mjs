// Plain old syntax on purpose: this file has to run where the rest cannot.
import { existsSync } from 'node:fs'

var parts = process.versions.node.split('.')
var major = Number(parts[0])
var minor = Number(parts[1])

// From 22.18 on, Node runs TypeScript files directly.
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    'Node ' +
      process.versions.node +
      ' is too old for Crosswalk (22.18 or newer): run it through npm, ' +
      'which uses the pinned Node 24 of this repository; run "npm ci" first.',
  )
  process.exit(1)
}

if (!existsSync(new URL('../node_modules', import.meta.url))) {
  console.error('The packages of Crosswalk are not installed: run "npm ci" first.')
  process.exit(1)
}
