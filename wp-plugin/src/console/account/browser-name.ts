import { __, sprintf } from '@wordpress/i18n'

/** In this order: most browsers name others, too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|HeadlessChrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]
const named = (list: readonly [RegExp, string][], agent: string): string | undefined =>
  list.find(([pattern]) => pattern.test(agent))?.[1]

/** `Firefox, Linux`, as far as what a browser calls itself can be believed. */
export function browserName(agent: string): string {
  const [browser, system] = [named(BROWSERS, agent), named(SYSTEMS, agent)]
  if (browser === undefined) return __('A browser or program', 'crosswalk')
  // translators: 1: a browser, such as "Firefox"; 2: a system, such as "Linux"
  return system === undefined ? browser : sprintf(__('%1$s, %2$s', 'crosswalk'), browser, system)
}
