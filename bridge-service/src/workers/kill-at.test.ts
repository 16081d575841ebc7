import { afterEach, describe, expect, it, vi } from 'vitest'
import { killAt } from './kill-at.ts'

afterEach(() => void vi.restoreAllMocks())

describe('ending the process at a named point', () => {
  it('happens at the n-th passing of that point and at no other', () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true)
    const pass = killAt('after-call:create:orders@2')
    pass('after-call:update:orders')
    pass('after-call:create:orders')
    expect(kill).not.toHaveBeenCalled()
    pass('after-call:create:orders')
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGKILL')
  })

  it('may be a standstill', () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true)
    killAt('stop:after-intent')('after-intent')
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGSTOP')
  })

  it('never happens without a point', () => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => true)
    killAt(null)('after-intent')
    expect(kill).not.toHaveBeenCalled()
  })
})
