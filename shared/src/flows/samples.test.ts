import { describe, expect, it } from 'vitest'
import { canonical, ENTITIES } from '../model/index.ts'
import { sampleRecord } from './samples.ts'

describe('the made-up record of each entity', () => {
  it.each(ENTITIES)('is one: %s', (entity) => {
    expect(canonical[entity].safeParse(sampleRecord(entity)).error).toBeUndefined()
  })
})
