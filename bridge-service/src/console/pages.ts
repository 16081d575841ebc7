import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import compression from 'compression'
import express, { type RequestHandler, type Response, Router } from 'express'
import helmet from 'helmet'

/** What scripts/screens builds of wp-plugin's screens. */
const BUILT = fileURLToPath(new URL('../../../wp-plugin/build/console/', import.meta.url))
/** What is shown until it has. */
const BUILDING = fileURLToPath(new URL('./building/', import.meta.url))

const DIRECTIVES = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

/** Of every answer: nothing inline, nothing from elsewhere, in nobody's frame. */
export const CONTENT_POLICY = { useDefaults: false, directives: DIRECTIVES }

/**
 * The console. Its page carries a nonce, new in every answer, that its own `<style>` elements show: the components of
 * WordPress bring styles along in their code, and without it the policy would refuse them.
 * @param built the folder with the built console; it may come into being later
 */
export function consolePages(built = BUILT): Router {
  const router = Router()
  router.get(['/', '/index.html'], page(built))
  router.use('/building', express.static(BUILDING, { index: false, redirect: false }))
  router.use(compression(), express.static(built, { index: false, redirect: false, setHeaders: keptForGood }))
  return router
}

/** Only what has its version in its address; the rest is asked about each time. */
const keptForGood = (response: ServerResponse): void => {
  const { query } = (response as Response).req
  if ('v' in query || 'ver' in query)
    response.setHeader('cache-control', 'public, max-age=31536000, immutable')
}

const page =
  (built: string): RequestHandler =>
  async (_request, response) => {
    response.setHeader('cache-control', 'no-store')
    const text = await readFile(join(built, 'index.html'), 'utf8').catch(() => null)
    if (text === null) return response.sendFile('index.html', { root: BUILDING, cacheControl: false })
    const nonce = randomBytes(16).toString('base64')
    const directives = { ...DIRECTIVES, styleSrc: ["'self'", `'nonce-${nonce}'`] }
    helmet.contentSecurityPolicy({ useDefaults: false, directives })(_request, response, () => {})
    response.type('html').send(text.replace('%NONCE%', nonce))
  }
