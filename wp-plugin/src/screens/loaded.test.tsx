import { act, renderHook, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useAction, useLoaded } from './loaded.ts'

let hidden = false
beforeEach(() => {
  hidden = false
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})
const turnTab = (away: boolean): void => {
  hidden = away
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('what a screen has asked for', () => {
  it('stays when it is asked for again and that fails', async () => {
    const answers = [() => Promise.resolve('first'), () => Promise.reject(new Error('gone'))]
    const { result } = renderHook(() => useLoaded('one', () => answers.shift()!()))
    await waitFor(() => expect(result.current.data).toBe('first'))
    act(() => result.current.reload())
    await waitFor(() => expect(result.current.error?.message).toBe('gone'))
    expect(result.current.data).toBe('first')
  })

  it('is emptied when something else is asked for, and an answer that was overtaken is dropped', async () => {
    const late: Record<string, (text: string) => void> = {}
    const load = (key: string) => new Promise<string>((resolve) => (late[key] = resolve))
    const { result, rerender } = renderHook(({ key }) => useLoaded(key, () => load(key)), {
      initialProps: { key: 'a' },
    })
    rerender({ key: 'b' })
    await act(async () => late['b']?.('answer to b'))
    await act(async () => late['a']?.('answer to a'))
    expect(result.current.data).toBe('answer to b')
    rerender({ key: 'c' })
    expect(result.current.data).toBeNull()
  })

  it('is asked for again while the tab is seen, not while it is hidden, and at once when it is back', async () => {
    vi.useFakeTimers()
    const load = vi.fn(() => Promise.resolve(load.mock.calls.length))
    renderHook(() => useLoaded('one', load, () => 1_000))
    await act(() => vi.advanceTimersByTimeAsync(2_500))
    expect(load).toHaveBeenCalledTimes(3)
    turnTab(true)
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    const before = load.mock.calls.length
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(load).toHaveBeenCalledTimes(before)
    await act(async () => turnTab(false))
    expect(load).toHaveBeenCalledTimes(before + 1)
  })

  it('takes answers that are slower than its beat', async () => {
    vi.useFakeTimers()
    const load = () => new Promise<string>((resolve) => setTimeout(() => resolve('slow'), 5_000))
    const { result } = renderHook(() => useLoaded('one', load, () => 1_000))
    await act(() => vi.advanceTimersByTimeAsync(5_500))
    expect(result.current.data).toBe('slow')
  })
})

describe('what the user does', () => {
  it('never throws, and keeps what went wrong until it is done again', async () => {
    let fails = true
    const { result } = renderHook(() => useAction(() => (fails ? Promise.reject(new Error('refused')) : Promise.resolve()))) // prettier-ignore
    await act(async () => expect(await result.current.run()).toBe(false))
    expect(result.current.error?.message).toBe('refused')
    fails = false
    await act(async () => expect(await result.current.run()).toBe(true))
    expect([result.current.error, result.current.busy]).toEqual([null, false])
  })
})
