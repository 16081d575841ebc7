import { fileURLToPath } from 'node:url'

/** Environment that loads one of these files into a service before its own first line. */
export const preload = (
  name: 'told-disk' | 'stuck-disk' | 'power-cut' | 'moved-clock',
): Record<string, string> => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))}`,
})
