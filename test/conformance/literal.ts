import type { Connector } from '@crosswalk/connectors/sdk'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Subject } from './subject.ts'

/** Words that a setting's name has only when it holds a secret. */
const SECRET_NAME = /secret|password|passwd|token|credential|private|api_?key|consumerkey|bearer/i

const propertiesOf = (schema: z.ZodType): string[] => {
  const names: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    const { properties } = value as { properties?: object }
    if (properties !== undefined) names.push(...Object.keys(properties))
    Object.values(value).forEach(visit)
  }
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  return names
}

/** What can be said of the literal without a call. */
export function literalTests(subject: Subject): void {
  const { connector } = subject
  describe('the literal', () => {
    it('has a name, a place to read on, and words for every way in', () => {
      expect(connector.id).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(connector.label).not.toBe('')
      expect(connector.docsUrl).toMatch(/^https:\/\//)
      expect(connector.auth.methods.length).toBeGreaterThan(0)
      for (const method of connector.auth.methods) {
        expect(method.label).not.toBe('')
        if (method.kind === 'oauth2') for (const scope of method.scopes) expect(scope.reason).not.toBe('')
      }
    })

    it('keeps secrets out of the settings', () => {
      expect(propertiesOf(connector.settings).filter((name) => SECRET_NAME.test(name))).toEqual([])
      expect(propertiesOf(connector.credentials).length).toBeGreaterThan(0)
    })

    it('has sane numbers', () => {
      expect(connector.http.concurrency).toBeGreaterThan(0)
      expect(connector.http.timeoutMs).toBeGreaterThanOrEqual(5_000)
      expect(connector.sweep.everySeconds).toBeGreaterThan(0)
      expect(connector.sweep.overlapSeconds).toBeGreaterThanOrEqual(0)
    })

    it('reads or writes something, with a label on each', () => {
      const sources = Object.values(connector.sources)
      const documents = Object.values(connector.documents)
      expect(sources.length + documents.length).toBeGreaterThan(0)
      for (const part of [...sources, ...documents, ...Object.values(connector.objects)]) {
        expect(part.label).not.toBe('')
      }
    })

    it('plans documents of objects and matchers that exist, refs only to earlier steps', () => {
      for (const document of Object.values(connector.documents)) {
        expect(
          document.steps.some((step) => step.role === 'document' || step.object === document.object),
        ).toBe(true)
        checkSteps(connector, document.steps)
        expect(Object.keys(document.mapping.parts).sort()).toEqual(
          document.steps.map((step) => step.role).sort(),
        )
      }
    })
  })
}

function checkSteps(connector: Connector, steps: Connector['documents'][string]['steps']): void {
  const earlier = new Set<string>()
  for (const step of steps) {
    const object = connector.objects[step.object]
    expect(object, `object ${step.object}`).toBeDefined()
    for (const id of Object.keys(step.match)) expect(object?.matchers[id], `matcher ${id}`).toBeDefined()
    for (const ref of step.refs) expect(earlier, `ref to ${ref.role}`).toContain(ref.role)
    earlier.add(step.role)
  }
}
