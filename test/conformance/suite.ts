import { describe } from 'vitest'
import { connectingTests } from './connecting.ts'
import { literalTests } from './literal.ts'
import { oauthTests } from './oauth.ts'
import { sourceTests } from './sources.ts'
import type { Running, Subject } from './subject.ts'
import { targetTests } from './targets.ts'
import { webhookTests } from './webhooks.ts'

/** Everything that holds for every connector, by the capabilities its literal has. */
export function conformance<R extends Running>(subject: Subject<R>): void {
  // A subject only ever gets back what its own `start` gave.
  const any = subject as unknown as Subject
  describe(subject.connector.label, () => {
    literalTests(any)
    connectingTests(any)
    sourceTests(any)
    webhookTests(any)
    targetTests(any)
    oauthTests(any)
  })
}
