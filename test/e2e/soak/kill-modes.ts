import type { Chance } from './chance.ts'

/** Where a process is ended without warning. */
export type KillMode =
  /** The target has carried a create or update out and has not answered yet. */
  | { kind: 'applied'; path: string }
  /** At a named point of the pipeline. */
  | { kind: 'point'; point: string; betweenApplyAndReceipt: boolean }
  /** At a random moment. */
  | { kind: 'moment'; afterMs: number }

const OBJECTS = ['companies', 'contacts', 'products', 'orders', 'line_items']

/** The answer has come and nothing of it is stored yet. */
const AFTER_CALL = OBJECTS.map((object) => `after-call:create:${object}`).concat('after-call:update:orders')
const OTHER_POINTS = [
  'before-receive-commit',
  'after-receive-commit',
  'after-claim',
  'after-read',
  'after-intent',
  'before-call:create:orders',
  'after-contact',
  'after-document',
  'before-link',
  'after-link',
  'after-page',
]

/** Draws where the next process ends. `applied`: only between the target's apply and our receipt. */
export function drawKill(chance: Chance, applied: boolean): KillMode {
  const kind = chance.weighted({ applied: 4, afterCall: 3, point: applied ? 0 : 2, moment: applied ? 0 : 3 })
  if (kind === 'applied') {
    const call = chance.share() < 0.85 ? `/${chance.pick(OBJECTS)}/batch/create` : '/batch/update'
    return { kind, path: call }
  }
  if (kind === 'moment') return { kind, afterMs: chance.whole(20, 2_500) }
  const point = kind === 'afterCall' ? chance.pick(AFTER_CALL) : chance.pick(OTHER_POINTS)
  const nth = chance.whole(1, 3)
  return { kind: 'point', point: `${point}@${nth}`, betweenApplyAndReceipt: kind === 'afterCall' }
}
