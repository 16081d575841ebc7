import type { ReactNode } from 'react'
import { __, sprintf } from '@wordpress/i18n'
import { Page } from '../parts/Page.tsx'
import { PlaceButton, PlaceLink } from '../place.tsx'
import type { Step } from './steps.ts'

/** The steps with where one is; done ones and the next are links, so that one can go back and forth. */
export function StepList({ steps, at }: { steps: readonly Step[]; at: string }) {
  const next = steps.findIndex(({ done }) => !done)
  return (
    <nav aria-label={__('Steps', 'crosswalk')}>
      <ol className="cw-steps">
        {steps.map(({ id, title, path, query, done }, index) => (
          <li key={id} className={`${done ? 'is-done' : ''} ${id === at ? 'is-here' : ''}`}>
            <span className="cw-step-number" aria-hidden="true">
              {done ? '✓' : index + 1}
            </span>
            {done || index === next ? (
              <PlaceLink to={path} query={query} aria-current={id === at ? 'step' : undefined}>
                {title}
              </PlaceLink>
            ) : (
              <span>{title}</span>
            )}
            <span className="screen-reader-text">
              {done ? __('(done)', 'crosswalk') : __('(not done yet)', 'crosswalk')}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** The frame of every step: where one is, the step itself, and the way back. */
export function SetupPage(props: {
  steps: readonly Step[]
  at: string
  title: string
  intro?: string
  children: ReactNode
}) {
  const { steps, at, title, intro, children } = props
  const index = steps.findIndex(({ id }) => id === at)
  const before = steps[index - 1]
  // translators: 1: number of this step; 2: number of all steps
  const place = sprintf(
    __('Step %1$s of %2$s', 'crosswalk'),
    ...([String(index + 1), String(steps.length)] as const),
  )
  return (
    <Page title={title} state={index < 0 ? undefined : <span className="cw-quiet">{place}</span>}>
      <div className="cw-setup">
        <StepList steps={steps} at={at} />
        <div className="cw-setup-step">
          {intro !== undefined && <p className="cw-intro">{intro}</p>}
          {children}
          <p className="cw-setup-back">
            {before && (
              <PlaceButton to={before.path} query={before.query}>
                {/* translators: %s: name of a step */}
                {sprintf(__('‹ Back: %s', 'crosswalk'), before.title)}
              </PlaceButton>
            )}
            <PlaceLink to="/setup">{__('All steps', 'crosswalk')}</PlaceLink>
          </p>
        </div>
      </div>
    </Page>
  ) // prettier-ignore
}
