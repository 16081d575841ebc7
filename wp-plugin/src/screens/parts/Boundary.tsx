import type { ErrorInfo, ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { Component } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { TechnicalDetails } from './Details.tsx'
import { Message } from './Message.tsx'
import { Page } from './Page.tsx'

interface State {
  error: Error | null
  where: string
}

/**
 * Stands around a page: one that breaks leaves the navigation in place, says so, and can be tried again. Give it the
 * page's address as `key`, so that another page begins anew.
 */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null, where: '' }

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override componentDidCatch(_error: unknown, { componentStack }: ErrorInfo): void {
    this.setState({ where: (componentStack ?? '').trim().split('\n').slice(0, 8).join('\n') })
  }

  override render(): ReactNode {
    const { error, where } = this.state
    if (error === null) return this.props.children
    const told = { message: error.message, page: location.pathname + location.hash.split('?')[0], where }
    return (
      <Page
        title={__('This page could not be shown', 'crosswalk')}
        primary={
          <Button __next40pxDefaultSize variant="primary" onClick={() => this.setState({ error: null, where: '' })}>
            {__('Try again', 'crosswalk')}
          </Button>
        }
      >
        <Message kind="error">
          {__('Something on this page went wrong. Your records are not affected; the bridge goes on. Try again, or copy the details for support.', 'crosswalk')}
        </Message>
        <TechnicalDetails of={told} />
      </Page>
    )
  } // prettier-ignore
}
